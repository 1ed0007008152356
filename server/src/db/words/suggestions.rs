//! Suggestions as stored: what their writers are told, in their own scope, and what the group is told, once it has them
//! before it. What was taken back keeps nothing that its writer wrote; what was decided is the organisation's, and stays.

use super::voices;
use crate::{
    db::{
        feed::{self, Entry, member_scope},
        groups::group_scope,
        word::{json, read_id, read_word, word},
    },
    error::Error,
};
use app::domain::{
    id::{DocumentId, GroupId, MemberId, PhraseId, StaffId, SuggestionId},
    record::kind,
    time::{Millis, rfc3339},
    words::suggestion::{
        Decision, GroupSuggestion, Known, Outcome, Send, ShownAs, Suggestion, SuggestionState,
    },
};
use sqlx::{AnyConnection, AssertSqlSafe, Row, any::AnyRow, query};

/// A suggestion as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestionRow {
    /// Its id.
    pub id: SuggestionId,
    /// Who made it.
    pub member: MemberId,
    /// What they want to be called.
    pub name: Option<String>,
    /// The group that works on its document.
    pub group: Option<GroupId>,
    /// The document.
    pub document: DocumentId,
    /// The phrase.
    pub phrase: PhraseId,
    /// The version in which they read it.
    pub version: u32,
    /// The phrase as they read it.
    pub was: Option<String>,
    /// How it feels to read.
    pub feels: Option<String>,
    /// What they would say instead.
    pub instead: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// How much others are told of who says it.
    pub shown_as: Option<ShownAs>,
    /// How it stands.
    pub state: SuggestionState,
    /// The first name of who looks at it.
    pub owner: Option<String>,
    /// Since when its group has it before it.
    pub given_at: Option<Millis>,
    /// Words that are proposed.
    pub proposed: Option<String>,
    /// The one with which it goes on.
    pub merged_into: Option<SuggestionId>,
    /// When the server had it.
    pub received_at: Millis,
}

impl SuggestionRow {
    /// What the rules go by.
    pub fn known(&self) -> Known {
        Known {
            member: self.member,
            state: self.state,
            group: self.group,
            is_given: self.given_at.is_some(),
        }
    }

    /// Who says it, as far as they want it told.
    pub fn who(&self) -> Option<String> {
        self.shown_as?.who(self.name.as_deref())
    }

    /// What its writer is told.
    pub fn told(&self, decision: Option<Decision>, after: Option<Decision>) -> Suggestion {
        Suggestion {
            document: self.document,
            phrase: self.phrase,
            version: self.version,
            was: self.was.clone(),
            feels: self.feels.clone(),
            instead: self.instead.clone(),
            why: self.why.clone(),
            shown_as: self.shown_as,
            state: self.state,
            decision,
            after,
            received_at: Some(rfc3339(self.received_at)),
        }
    }

    /// What its group is told; none for one that it does not have before it.
    fn told_group(&self, decision: Option<Decision>, supports: u32) -> Option<GroupSuggestion> {
        let was = self.was.clone().filter(|_| self.given_at.is_some())?;
        Some(GroupSuggestion {
            group: self.group?,
            document: self.document,
            phrase: self.phrase,
            was,
            feels: self.feels.clone(),
            instead: self.instead.clone(),
            why: self.why.clone(),
            who: self.who(),
            proposed: self.proposed.clone(),
            state: self.state,
            decision,
            supports,
            at: rfc3339(self.received_at),
        })
    }
}

const COLUMNS: &str = "select s.id, s.member, m.name, d.group_id, s.document, s.phrase, s.version, \
     s.was, s.feels, s.instead, s.why, s.shown_as, s.state, o.name, s.given_at, s.proposed, \
     s.merged_into, s.received_at from suggestions s join members m on m.id = s.member \
     join documents d on d.id = s.document left join staff o on o.id = s.owner ";

fn read(row: &AnyRow) -> Result<SuggestionRow, Error> {
    let id = |at: usize| -> Result<Option<String>, Error> { Ok(row.try_get(at)?) };
    let shown_as: Option<String> = row.try_get(11)?;
    Ok(SuggestionRow {
        id: read_id(row.try_get(0)?)?,
        member: read_id(row.try_get(1)?)?,
        name: row.try_get(2)?,
        group: id(3)?.as_deref().map(read_id).transpose()?,
        document: read_id(row.try_get(4)?)?,
        phrase: read_id(row.try_get(5)?)?,
        version: super::number(row.try_get(6)?),
        was: row.try_get(7)?,
        feels: row.try_get(8)?,
        instead: row.try_get(9)?,
        why: row.try_get(10)?,
        shown_as: shown_as.as_deref().map(read_word).transpose()?,
        state: read_word(row.try_get(12)?)?,
        owner: row.try_get(13)?,
        given_at: row.try_get(14)?,
        proposed: row.try_get(15)?,
        merged_into: id(16)?.as_deref().map(read_id).transpose()?,
        received_at: row.try_get(17)?,
    })
}

async fn some(
    connection: &mut AnyConnection,
    which: &'static str,
    id: String,
) -> Result<Vec<SuggestionRow>, Error> {
    let text = [COLUMNS, which, " order by s.received_at, s.id"].concat();
    let rows = query(AssertSqlSafe(text)).bind(id);
    let rows = rows.fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

/// A suggestion; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    id: SuggestionId,
) -> Result<Option<SuggestionRow>, Error> {
    let mut found = some(connection, "where s.id = $1", id.to_string()).await?;
    Ok(found.pop())
}

/// All that was said about a document, oldest first.
///
/// # Errors
/// What the database says.
pub async fn of_document(
    connection: &mut AnyConnection,
    document: DocumentId,
) -> Result<Vec<SuggestionRow>, Error> {
    some(connection, "where s.document = $1", document.to_string()).await
}

/// All that go on together with this one.
///
/// # Errors
/// What the database says.
pub async fn merged_into(
    connection: &mut AnyConnection,
    id: SuggestionId,
) -> Result<Vec<SuggestionRow>, Error> {
    some(connection, "where s.merged_into = $1", id.to_string()).await
}

/// All of a member's.
async fn of_member(
    connection: &mut AnyConnection,
    member: MemberId,
) -> Result<Vec<SuggestionRow>, Error> {
    some(connection, "where s.member = $1", member.to_string()).await
}

/// The last decision about a suggestion.
///
/// # Errors
/// What the database says.
pub async fn decision(
    connection: &mut AnyConnection,
    id: SuggestionId,
) -> Result<Option<Decision>, Error> {
    let row = query(
        "select outcome, reason, took_part, words, look_again, at from suggestion_decisions \
         where suggestion = $1 order by n desc limit 1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Decision {
            outcome: read_word(row.try_get(0)?)?,
            reason: row.try_get(1)?,
            took_part: row.try_get(2)?,
            words: row.try_get(3)?,
            look_again: row.try_get(4)?,
            at: rfc3339(row.try_get(5)?),
        })
    })
    .transpose()
}

/// Why a phrase was to change, as it was decided last.
///
/// # Errors
/// What the database says.
pub async fn why_changed(
    connection: &mut AnyConnection,
    document: DocumentId,
    phrase: PhraseId,
) -> Result<Option<String>, Error> {
    let row = query(
        "select d.reason from suggestion_decisions d join suggestions s on s.id = d.suggestion \
         where s.document = $1 and s.phrase = $2 and s.state = 'decided' \
         and d.outcome in ('changed', 'partly') order by d.at desc, d.n desc limit 1",
    )
    .bind(document.to_string())
    .bind(phrase.to_string())
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// What staff noted for each other with the last decision.
///
/// # Errors
/// What the database says.
pub async fn note(
    connection: &mut AnyConnection,
    id: SuggestionId,
) -> Result<Option<String>, Error> {
    let row = query(
        "select note from suggestion_decisions where suggestion = $1 order by n desc limit 1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
}

/// Adds a suggestion. `was` is the phrase in the version in which it was read.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    member: MemberId,
    it: &Send,
    was: &str,
    now: Millis,
) -> Result<(), Error> {
    let tidy = |words: &Option<String>| app::domain::text::tidy(words.clone());
    query(
        "insert into suggestions (id, member, document, phrase, version, was, feels, instead, why, \
         shown_as, state, received_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'received', $11)",
    )
    .bind(it.suggestion.to_string())
    .bind(member.to_string())
    .bind(it.document.to_string())
    .bind(it.phrase.to_string())
    .bind(i64::from(it.version))
    .bind(was.to_owned())
    .bind(tidy(&it.feels))
    .bind(tidy(&it.instead))
    .bind(tidy(&it.why))
    .bind(word(it.shown_as))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    tell(transaction, it.suggestion).await
}

/// Tells whoever made a suggestion how it stands now, and its group, if that has it before it.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn tell(transaction: &mut AnyConnection, id: SuggestionId) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?.ok_or(Error::NotFound)?;
    let entries = told(&mut *transaction, &row).await?;
    feed::write(transaction, entries).await
}

/// What its writer is told of a suggestion now.
///
/// # Errors
/// What the database says.
pub async fn record(
    connection: &mut AnyConnection,
    row: &SuggestionRow,
) -> Result<Suggestion, Error> {
    let decision = shown_decision(&mut *connection, row).await?;
    let after = match row.merged_into {
        Some(into) => decision_of_open(connection, into).await?,
        None => None,
    };
    Ok(row.told(decision, after))
}

/// What its group is told of a suggestion now; none for one that it does not have before it.
///
/// # Errors
/// What the database says.
pub async fn group_record(
    connection: &mut AnyConnection,
    row: &SuggestionRow,
) -> Result<Option<GroupSuggestion>, Error> {
    let decision = shown_decision(&mut *connection, row).await?;
    let supports = voices::count_supports(connection, row.id).await?;
    Ok(row.told_group(decision, supports))
}

/// Only what is decided shows a decision: of what was taken back or opened again nothing is said.
async fn shown_decision(
    connection: &mut AnyConnection,
    row: &SuggestionRow,
) -> Result<Option<Decision>, Error> {
    match row.state {
        SuggestionState::Decided => decision(connection, row.id).await,
        _ => Ok(None),
    }
}

/// The decision about the one with which another goes on.
async fn decision_of_open(
    connection: &mut AnyConnection,
    into: SuggestionId,
) -> Result<Option<Decision>, Error> {
    let found = find(&mut *connection, into).await?;
    match found {
        Some(row) => shown_decision(connection, &row).await,
        None => Ok(None),
    }
}

async fn told(connection: &mut AnyConnection, row: &SuggestionRow) -> Result<Vec<Entry>, Error> {
    let own = record(&mut *connection, row).await?;
    let mut entries = vec![Entry {
        scope: member_scope(row.member),
        kind: kind::SUGGESTION,
        id: row.id.to_string(),
        body: Some(json(&own)),
        is_new: false,
    }];
    if let Some(group) = row.group.filter(|_| row.given_at.is_some()) {
        let shared = group_record(connection, row).await?;
        entries.push(Entry {
            scope: group_scope(group),
            kind: kind::GROUP_SUGGESTION,
            id: row.id.to_string(),
            body: shared.as_ref().map(json),
            is_new: false,
        });
    }
    Ok(entries)
}

/// What a member wrote of a suggestion goes, with what the group said to it. Those that went on together with it are
/// looked at again by themselves, and their writers are told.
///
/// # Errors
/// What the database says.
pub async fn withdraw(
    transaction: &mut AnyConnection,
    id: SuggestionId,
    now: Millis,
) -> Result<(), Error> {
    query(
        "update suggestions set was = null, feels = null, instead = null, why = null, \
         shown_as = null, proposed = null, merged_into = null, owner = null, state = $2, \
         ended_at = $3 where id = $1",
    )
    .bind(id.to_string())
    .bind(word(SuggestionState::Withdrawn))
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    // What staff noted may say what the person wrote.
    query("update suggestion_decisions set note = null where suggestion = $1")
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
    voices::forget(&mut *transaction, id).await?;
    tell(&mut *transaction, id).await?;
    for row in merged_into(&mut *transaction, id).await? {
        query(
            "update suggestions set merged_into = null, state = $2, ended_at = null where id = $1",
        )
        .bind(row.id.to_string())
        .bind(word(SuggestionState::Looking))
        .execute(&mut *transaction)
        .await?;
        tell(&mut *transaction, row.id).await?;
    }
    Ok(())
}

/// A member leaves Chorus: nothing that they said about words is left, nor what they said to the group about that.
///
/// # Errors
/// What the database says.
pub async fn leave_all(
    transaction: &mut AnyConnection,
    member: MemberId,
    now: Millis,
) -> Result<(), Error> {
    for row in of_member(&mut *transaction, member).await? {
        if row.state != SuggestionState::Withdrawn {
            withdraw(&mut *transaction, row.id, now).await?;
        }
    }
    voices::leave_all(transaction, member).await
}

/// A member is called something else: groups are told, where they said who they are.
///
/// # Errors
/// What the database says.
pub async fn renamed(transaction: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    for row in of_member(&mut *transaction, member).await? {
        let is_told = row.given_at.is_some() && row.shown_as.is_some_and(|it| it != ShownAs::None);
        if is_told {
            tell(&mut *transaction, row.id).await?;
        }
    }
    Ok(())
}

/// A suggestion stands so from now on. Who looks at it first has it.
///
/// # Errors
/// What the database says.
pub async fn stand(
    transaction: &mut AnyConnection,
    id: SuggestionId,
    state: SuggestionState,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    let ends = (state == SuggestionState::Decided).then_some(now);
    let given = (state == SuggestionState::WithGroup).then_some(now);
    query(
        "update suggestions set state = $2, owner = coalesce(owner, $3), ended_at = $4, \
         given_at = coalesce(given_at, $5) where id = $1",
    )
    .bind(id.to_string())
    .bind(word(state))
    .bind(by.to_string())
    .bind(ends)
    .bind(given)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Words are proposed for a suggestion; none: no more.
///
/// # Errors
/// What the database says.
pub async fn propose(
    transaction: &mut AnyConnection,
    id: SuggestionId,
    words: Option<&str>,
) -> Result<(), Error> {
    query("update suggestions set proposed = $2 where id = $1")
        .bind(id.to_string())
        .bind(words.map(str::to_owned))
        .execute(transaction)
        .await?;
    Ok(())
}

/// What is decided about a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// What.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// Who took part.
    pub took_part: String,
    /// The new words.
    pub words: Option<String>,
    /// A day on which it is looked at again.
    pub look_again: Option<String>,
    /// For staff alone.
    pub note: Option<String>,
}

/// Keeps a decision behind those before.
///
/// # Errors
/// What the database says.
pub async fn decide(
    transaction: &mut AnyConnection,
    id: SuggestionId,
    it: &Deciding,
    (by, now): (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into suggestion_decisions (suggestion, n, outcome, reason, took_part, words, \
         look_again, note, by_staff, at) values ($1, (select coalesce(max(n), 0) + 1 \
         from suggestion_decisions where suggestion = $1), $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id.to_string())
    .bind(word(it.outcome))
    .bind(it.reason.clone())
    .bind(it.took_part.clone())
    .bind(it.words.clone())
    .bind(it.look_again.clone())
    .bind(it.note.clone())
    .bind(by.to_string())
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}

/// A suggestion goes on together with another, and so does all that went on together with it.
///
/// # Errors
/// What the database says.
pub async fn merge(
    transaction: &mut AnyConnection,
    id: SuggestionId,
    into: SuggestionId,
) -> Result<(), Error> {
    query("update suggestions set merged_into = $2 where id = $1 or merged_into = $1")
        .bind(id.to_string())
        .bind(into.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Lets go of what ended before `before`, at most `most`; says how many went. What still goes on with another stays for
/// as long as that one does.
///
/// # Errors
/// What the database says.
pub async fn expire(
    transaction: &mut AnyConnection,
    before: Millis,
    most: i64,
) -> Result<usize, Error> {
    let text = [
        COLUMNS,
        "where s.ended_at < $1 and s.state in ('decided', 'withdrawn') and not exists \
         (select 1 from suggestions o where o.merged_into = s.id) order by s.ended_at, s.id limit $2",
    ];
    let rows = query(AssertSqlSafe(text.concat()))
        .bind(before)
        .bind(most)
        .fetch_all(&mut *transaction)
        .await?;
    for row in &rows {
        let row = read(row)?;
        voices::forget(&mut *transaction, row.id).await?;
        for text in [
            "delete from suggestion_decisions where suggestion = $1",
            "delete from suggestions where id = $1",
        ] {
            query(text)
                .bind(row.id.to_string())
                .execute(&mut *transaction)
                .await?;
        }
        let mut gone = vec![Entry {
            scope: member_scope(row.member),
            kind: kind::SUGGESTION,
            id: row.id.to_string(),
            body: None,
            is_new: false,
        }];
        if let Some(group) = row.group.filter(|_| row.given_at.is_some()) {
            gone.push(Entry {
                scope: group_scope(group),
                kind: kind::GROUP_SUGGESTION,
                id: row.id.to_string(),
                body: None,
                is_new: false,
            });
        }
        feed::write(&mut *transaction, gone).await?;
    }
    Ok(rows.len())
}
