//! How rows that belong to a person stand in `private` and `drafts`: the owner on the first line, then
//! the content as JSON. Whose a row is can be read and changed without knowing what it holds.

use app::sync::outbox::Owner;

const LOCAL: &str = "local";

/// What the owner wants to be called: see [`about`].
pub const NAME: &str = "name";
/// The owner said that what was written before joining is not theirs: see [`about`].
pub const NOT_MINE: &str = "not_mine";

/// What stands before the name of something that the owner has read here and put away: see [`about`].
pub const DISMISSED: &str = "dismissed/";

/// A row of `owner`.
pub fn own(owner: Owner, content: &str) -> String {
    format!("{}\n{content}", owner.name())
}

/// Whose a row is, and what it holds; none if it is no such row.
pub fn owned(row: &str) -> Option<(Owner, &str)> {
    let (owner, content) = row.split_once('\n')?;
    let owner = match owner {
        LOCAL => Owner::Local,
        member => Owner::Member(member.parse().ok()?),
    };
    Some((owner, content))
}

/// What the row holds, if it is `owner`'s.
pub fn of(owner: Owner, row: &str) -> Option<&str> {
    owned(row).and_then(|(whose, content)| (whose == owner).then_some(content))
}

/// The key in `meta` of something about `owner` (`name/<member>`): erasing them erases it.
pub fn about(what: &str, owner: Owner) -> String {
    format!("{what}/{}", owner.name())
}

/// The scope of the records that only the owner reads.
pub fn scope(owner: Owner) -> String {
    format!("member:{}", owner.name())
}
