//! What staff and leads do with the words of documents: bringing one in, publishing a version, and working on what is
//! said about it until it is decided. Each step is written, told to phones and noted in the audit log, all or nothing.
//! Nothing ends but by a decision with its reason, and whoever made the suggestion is told it in the same transaction.

use super::{changes, wording};
use crate::{
    db::{
        audit,
        desk::groups as desk_groups,
        groups,
        reach::Reach,
        wording::Own,
        words::{
            self, Details, DocumentRow,
            suggestions::{self, Deciding, SuggestionRow},
            voices,
        },
    },
    error::Error,
    state::Arrival,
};
use app::domain::{
    change::{ChangeKind, ChangePlan, SourceKind},
    id::{DocumentId, StaffId, SuggestionId},
    opportunity::Area,
    record::kind,
    time::Millis,
    wording::Unfit,
    words::{
        DocumentKind, Phrase,
        suggestion::{CommentState, Outcome, Step, SuggestionState, after},
    },
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// Something that is done with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordsAction {
    /// Brings one in: its first version, which people can read at once.
    BringIn(Box<DocumentRow>),
    /// Writes what is written about it; on which edit that was written.
    Change(Box<Details>, i64),
    /// Publishes the next version; on which edit it was written.
    Publish(Vec<Phrase>, i64),
    /// Lets go of what was begun of the next version; on which edit.
    Begin(i64),
    /// Something with a suggestion.
    On(SuggestionId, Box<OnSuggestion>),
}

/// What is done with a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnSuggestion {
    /// Looks at it.
    TakeOn,
    /// Gives it to the group.
    Give,
    /// Proposes words; none: no more.
    Propose(Option<String>),
    /// Decides it.
    Decide(Deciding),
    /// It goes on together with another one; why, and who took part in saying so.
    Merge {
        /// The other one.
        into: SuggestionId,
        /// Why.
        reason: String,
        /// Who took part.
        took_part: String,
    },
    /// Takes a comment of the group's people out of sight, or shows it again.
    Comment(Uuid, bool),
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordsDone {
    /// It is done.
    Done,
    /// Nothing was changed: someone else changed it meanwhile.
    Changed,
    /// Nothing was changed: this does not follow from how it stands now.
    NotFrom,
    /// Nothing was changed: no group works on it that goes on.
    NoGroup,
    /// Nothing was changed: the group has something before it, so another one cannot take the document over.
    GroupStays,
    /// Nothing was changed: of these texts of the app, by their keys, the words do not fit.
    Unfit(Vec<(String, Unfit)>),
}

/// Who does it, and when.
type By = (StaffId, Millis);

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there or out of reach; [`Error::Forbidden`]; what the database says.
pub async fn act(
    tx: &mut AnyConnection,
    by: By,
    id: DocumentId,
    action: WordsAction,
) -> Result<(WordsDone, Vec<Arrival>), Error> {
    let reach = Reach::now(&mut *tx, by.0).await?;
    if let WordsAction::BringIn(row) = action {
        may_run(&mut *tx, reach, &row).await?;
        words::add(&mut *tx, &row, by).await?;
        note(tx, by, "words.bring_in", id).await?;
        return Ok((WordsDone::Done, vec![Arrival::Words(row.details.group)]));
    }
    let row = words::find(&mut *tx, id).await?.ok_or(Error::NotFound)?;
    in_reach(&mut *tx, reach, &row).await?;
    let done = match action {
        WordsAction::BringIn(_) => WordsDone::NotFrom,
        WordsAction::Change(details, edit) => change(tx, by, reach, &row, &details, edit).await?,
        WordsAction::Publish(phrases, edit) => {
            may_run(&mut *tx, reach, &row).await?;
            publish(tx, by, &row, &phrases, edit).await?
        }
        WordsAction::Begin(edit) => begin(tx, by, &row, edit).await?,
        WordsAction::On(suggestion, action) => {
            on_suggestion(tx, by, &row, suggestion, *action).await?
        }
    };
    Ok((done, vec![Arrival::Words(row.details.group)]))
}

/// What is out of somebody's reach is not there.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn in_reach(
    tx: &mut AnyConnection,
    reach: Reach,
    row: &DocumentRow,
) -> Result<(), Error> {
    match (reach, row.details.group) {
        (Reach::All, _) => Ok(()),
        (Reach::Led(_), Some(group)) => reach.group(tx, group).await,
        (Reach::Led(_), None) => Err(Error::NotFound),
    }
}

/// Who may publish: for what every member reads in the app itself that is staff alone, whoever decided it.
async fn may_run(tx: &mut AnyConnection, reach: Reach, row: &DocumentRow) -> Result<(), Error> {
    let is_apps = row.kind == DocumentKind::App && reach != Reach::All;
    if is_apps || !reach.may_put(tx, row.details.group).await? {
        return Err(Error::Forbidden);
    }
    Ok(())
}

async fn note(
    tx: &mut AnyConnection,
    (by, now): By,
    action: &'static str,
    id: DocumentId,
) -> Result<(), Error> {
    audit::add(tx, now, by, action, (kind::DOCUMENT, id.0), None).await
}

/// A line about a suggestion says of which document: never who made it, nor what they wrote.
async fn note_one(
    tx: &mut AnyConnection,
    (by, now): By,
    action: &'static str,
    document: &DocumentRow,
    id: SuggestionId,
) -> Result<(), Error> {
    let title = document.details.title.clone();
    audit::add_saying(tx, now, by, action, (kind::SUGGESTION, id.0), title).await?;
    Ok(())
}

async fn change(
    tx: &mut AnyConnection,
    by: By,
    reach: Reach,
    row: &DocumentRow,
    details: &Details,
    edit: i64,
) -> Result<WordsDone, Error> {
    if !reach.may_put(&mut *tx, details.group).await? {
        return Err(Error::Forbidden);
    }
    if row.edit != edit {
        return Ok(WordsDone::Changed);
    }
    if row.details == *details {
        return Ok(WordsDone::Done);
    }
    if row.details.group != details.group {
        let all = suggestions::of_document(&mut *tx, row.id).await?;
        if all.iter().any(|one| one.given_at.is_some()) {
            return Ok(WordsDone::GroupStays);
        }
    }
    words::change(&mut *tx, row, details).await?;
    note(tx, by, "words.change", row.id).await?;
    Ok(WordsDone::Done)
}

async fn publish(
    tx: &mut AnyConnection,
    by: By,
    row: &DocumentRow,
    phrases: &[Phrase],
    edit: i64,
) -> Result<WordsDone, Error> {
    if row.edit != edit {
        return Ok(WordsDone::Changed);
    }
    if row.phrases == phrases {
        return Ok(WordsDone::NotFrom);
    }
    if row.kind == DocumentKind::App {
        let own = own_words(&mut *tx, row, phrases).await?;
        if let Err(unfit) = wording::publish(&mut *tx, by, own).await? {
            return Ok(WordsDone::Unfit(unfit));
        }
    }
    words::add_version(&mut *tx, row, phrases, by).await?;
    note(tx, by, "words.publish", row.id).await?;
    Ok(WordsDone::Done)
}

/// The texts of the app that this version changes, each with why, as far as that was decided.
async fn own_words(
    tx: &mut AnyConnection,
    row: &DocumentRow,
    phrases: &[Phrase],
) -> Result<Vec<Own>, Error> {
    let mut own = Vec::new();
    for phrase in phrases {
        let is_same = row
            .phrase(phrase.id)
            .is_some_and(|was| was.text == phrase.text);
        let Some(key) = phrase.key.clone().filter(|_| !is_same) else {
            continue;
        };
        own.push(Own {
            key,
            words: phrase.text.clone(),
            why: suggestions::why_changed(&mut *tx, row.id, phrase.id).await?,
        });
    }
    Ok(own)
}

async fn begin(
    tx: &mut AnyConnection,
    by: By,
    row: &DocumentRow,
    edit: i64,
) -> Result<WordsDone, Error> {
    if row.edit != edit {
        return Ok(WordsDone::Changed);
    }
    words::keep_draft(&mut *tx, row.id, None).await?;
    note(tx, by, "words.begin_again", row.id).await?;
    Ok(WordsDone::Done)
}

async fn on_suggestion(
    tx: &mut AnyConnection,
    by: By,
    document: &DocumentRow,
    id: SuggestionId,
    action: OnSuggestion,
) -> Result<WordsDone, Error> {
    let found = suggestions::find(&mut *tx, id).await?;
    let found = found.filter(|found| found.document == document.id);
    let row = found.ok_or(Error::NotFound)?;
    let step = match &action {
        OnSuggestion::TakeOn => Step::TakeOn,
        OnSuggestion::Give => Step::Give,
        OnSuggestion::Propose(_) => Step::Propose,
        OnSuggestion::Decide(_) => Step::Decide,
        OnSuggestion::Merge { .. } => Step::Merge,
        OnSuggestion::Comment(comment, hides) => {
            return on_comment(tx, by, document, (&row, *comment), *hides).await;
        }
    };
    // What goes on together with another is decided there.
    let is_merged = row.merged_into.is_some();
    let Some(next) = after(row.state, step).filter(|_| !is_merged) else {
        return Ok(WordsDone::NotFrom);
    };
    let action = match action {
        OnSuggestion::Give if !has_group(&mut *tx, document).await? => {
            return Ok(WordsDone::NoGroup);
        }
        OnSuggestion::TakeOn => "suggestion.take_on",
        OnSuggestion::Give => "suggestion.give",
        OnSuggestion::Propose(words) => {
            suggestions::propose(&mut *tx, id, words.as_deref()).await?;
            "suggestion.propose"
        }
        OnSuggestion::Decide(it) => {
            suggestions::decide(&mut *tx, id, &it, by).await?;
            into_next(&mut *tx, document, &row, it.words.as_deref()).await?;
            if row.state != SuggestionState::Decided {
                what_came_of_it(&mut *tx, by, document, &row, it).await?;
            }
            "suggestion.decide"
        }
        OnSuggestion::Merge {
            into,
            reason,
            took_part,
        } => {
            if !merge(&mut *tx, by, &row, into, (reason, took_part)).await? {
                return Ok(WordsDone::NotFrom);
            }
            "suggestion.merge"
        }
        OnSuggestion::Comment(..) => return Ok(WordsDone::NotFrom),
    };
    suggestions::stand(&mut *tx, id, next, by).await?;
    note_one(&mut *tx, by, action, document, id).await?;
    suggestions::tell(&mut *tx, id).await?;
    // What was decided is told to everyone whose suggestion went on together with this one.
    for row in suggestions::merged_into(&mut *tx, id).await? {
        suggestions::tell(&mut *tx, row.id).await?;
    }
    Ok(WordsDone::Done)
}

/// Whether a group works on a document that goes on.
async fn has_group(tx: &mut AnyConnection, document: &DocumentRow) -> Result<bool, Error> {
    let Some(group) = document.details.group else {
        return Ok(false);
    };
    let found = groups::find(tx, group).await?;
    Ok(found.is_some_and(|found| found.record.state.goes_on()))
}

/// A decision is the beginning of what changed, or of why it could not: a draft at the desk, which somebody goes over
/// and another agrees with before anybody reads it. Nothing that the person wrote stands in it, for they wrote it to
/// the group: what they said is put in by who asks them.
async fn what_came_of_it(
    tx: &mut AnyConnection,
    (by, now): By,
    document: &DocumentRow,
    row: &SuggestionRow,
    decided: Deciding,
) -> Result<(), Error> {
    let kind = match decided.outcome {
        Outcome::Changed | Outcome::Partly => ChangeKind::Done,
        Outcome::NotChanged => ChangeKind::NotYet,
        Outcome::Merged => return Ok(()),
    };
    let start = changes::Start {
        plan: ChangePlan {
            kind,
            we_did: decided.words.unwrap_or_default(),
            why: decided.reason,
            who_took_part: decided.took_part,
            look_again: decided.look_again.unwrap_or_default(),
            ..ChangePlan::new(Area::Wording, document.details.group)
        },
        source: Some((SourceKind::Suggestion, row.id.0)),
    };
    changes::start(tx, Some(by), now, &start).await?;
    Ok(())
}

/// New words that were decided stand in the next version, if it has the phrase still.
async fn into_next(
    tx: &mut AnyConnection,
    document: &DocumentRow,
    row: &SuggestionRow,
    words: Option<&str>,
) -> Result<(), Error> {
    let Some(words) = words else { return Ok(()) };
    let mut next = document.next().to_vec();
    let Some(phrase) = next.iter_mut().find(|phrase| phrase.id == row.phrase) else {
        return Ok(());
    };
    if phrase.text == words {
        return Ok(());
    }
    words.clone_into(&mut phrase.text);
    words::keep_draft(tx, document.id, Some(&next)).await
}

/// Only into one of the same document that is still to be decided; false if that is none.
async fn merge(
    tx: &mut AnyConnection,
    by: By,
    row: &SuggestionRow,
    into: SuggestionId,
    (reason, took_part): (String, String),
) -> Result<bool, Error> {
    let other = suggestions::find(&mut *tx, into).await?;
    let may = other.is_some_and(|other| {
        let waits = !matches!(
            other.state,
            SuggestionState::Decided | SuggestionState::Withdrawn
        );
        waits && other.id != row.id && other.document == row.document
    });
    if !may {
        return Ok(false);
    }
    let deciding = Deciding {
        outcome: Outcome::Merged,
        reason,
        took_part,
        words: None,
        look_again: None,
        note: None,
    };
    suggestions::decide(&mut *tx, row.id, &deciding, by).await?;
    suggestions::merge(tx, row.id, into).await?;
    Ok(true)
}

/// What the group's people write is for those who look after it alone.
async fn on_comment(
    tx: &mut AnyConnection,
    by: By,
    document: &DocumentRow,
    (row, comment): (&SuggestionRow, Uuid),
    hides: bool,
) -> Result<WordsDone, Error> {
    let group = row.group.ok_or(Error::Forbidden)?;
    if !desk_groups::reads(&mut *tx, by.0, group).await? {
        return Err(Error::Forbidden);
    }
    let found = voices::comment(&mut *tx, comment).await?;
    let found = found.filter(|found| found.record.suggestion == row.id);
    let found = found.ok_or(Error::NotFound)?;
    let action = match (found.record.state, hides) {
        (CommentState::Shown, true) => "suggestion.hide",
        (CommentState::Hidden, false) => "suggestion.show",
        _ => return Ok(WordsDone::NotFrom),
    };
    voices::hide(&mut *tx, comment, hides.then_some(by)).await?;
    note_one(tx, by, action, document, row.id).await?;
    Ok(WordsDone::Done)
}
