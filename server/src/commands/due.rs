//! What the clock brings about in sessions: they have happened, offers run out, ballots are drawn. Each is found in
//! the database and decided in one transaction, so it survives a restart and happens once.

use super::world::{Wanted, World};
use crate::{
    db::{opportunities, sessions, sign_ups},
    error::Error,
    publish,
    state::Arrival,
};
use app::domain::{id::SignUpId, programme, time::Millis};
use rand::{RngExt, rng};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use std::fmt::Write;

/// How many sessions are looked after in one piece of work.
const AT_ONCE: i64 = 20;

/// Sessions that are over have happened, and phones are told. Whoever had no place by then keeps their standing: the
/// phone says what it means.
///
/// # Errors
/// What the database says.
pub async fn sessions_happened(
    transaction: &mut AnyConnection,
    now: Millis,
) -> Result<Vec<Arrival>, Error> {
    sessions::note_ends(transaction).await?;
    let mut arrivals = Vec::new();
    for id in sessions::happened(transaction, now, AT_ONCE).await? {
        let session = sessions::record(transaction, id).await?;
        let state = opportunities::find(transaction, session.opportunity)
            .await?
            .record
            .state;
        if programme::is_shown(state) {
            publish::session_again(transaction, id, &session).await?;
        }
        arrivals.push(Arrival::SignUp(session.opportunity));
    }
    Ok(arrivals)
}

/// Ends the offers that have run out, of some sessions; each place is offered to the next in line. Nothing was
/// due if it gives nothing.
///
/// # Errors
/// What the database says.
pub async fn offers_run_out(
    transaction: &mut AnyConnection,
    now: Millis,
) -> Result<Vec<Arrival>, Error> {
    let over = sign_ups::run_out(transaction, now, AT_ONCE).await?;
    if over.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = Wanted {
        sign_ups: over.into_iter().collect(),
        ..Wanted::default()
    };
    let mut world = World::load(transaction, now, wanted).await?;
    world.end_offers();
    world.write(transaction).await
}

/// Draws one ballot whose time has come. Nothing was due if it gives nothing.
///
/// # Errors
/// What the database says.
pub async fn draw_a_ballot(
    transaction: &mut AnyConnection,
    now: Millis,
) -> Result<Vec<Arrival>, Error> {
    let Some(session) = sessions::ballot_due(transaction, now).await? else {
        return Ok(Vec::new());
    };
    let asked = sign_ups::received(transaction, session).await?;
    let seed = new_seed();
    let drawn = order_of(&seed, asked.clone());
    let wanted = Wanted {
        sign_ups: asked.into_iter().collect(),
        sessions: [session].into(),
        ..Wanted::default()
    };
    let mut world = World::load(transaction, now, wanted).await?;
    world.draw(session, &drawn);
    sessions::write_ballot(transaction, session, &seed).await?;
    world.write(transaction).await
}

fn new_seed() -> String {
    let bytes: [u8; 16] = rng().random();
    let mut seed = String::new();
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(seed, "{byte:02x}");
    }
    seed
}

/// The order of a ballot: by SHA-256 of the recorded seed and the sign-up's id, so that whoever has both can draw it
/// again.
pub fn order_of(seed: &str, mut asked: Vec<SignUpId>) -> Vec<SignUpId> {
    asked.sort_by_cached_key(|id| Sha256::digest(format!("{seed}{id}")));
    asked
}
