//! What staff and leads do with change notes: writing them, approving them for the group, publishing an edition,
//! reading and understanding, asking the group and answering. The steps are the domain's (`app::domain::learning`);
//! here they are written and noted in the audit log, all or nothing.
//!
//! What makes a note of something else (a decision about words) calls [`start`].

use crate::{
    db::{
        audit, groups,
        learning::{self as db, NoteRow},
        reach::Reach,
    },
    error::Error,
};
use app::domain::{
    group::GroupState,
    id::{ChangeId, NoteId, StaffId},
    learning::{NotYet, NotePlan, NoteState, NoteStep, asks_since, take},
    record::kind,
    time::Millis,
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// What a new note begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// What is known so far; the rest is written at the desk.
    pub plan: NotePlan,
    /// What it explains.
    pub change: Option<ChangeId>,
}

/// Something that is done with an edition of a note at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteAction {
    /// Starts a new note, which only the desk sees.
    Start(Box<Start>),
    /// Keeps what is written.
    Keep(Keeping),
    /// Takes a step with the words of this version.
    Take(NoteStep, i64),
    /// Begins the next edition, under this id.
    Again(NoteId),
    /// Throws away an edition that nobody was asked to read.
    ThrowAway,
    /// Answers a question for the group.
    Answer(Uuid, String),
}

/// What is to be kept, and on what it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// All that is written.
    pub plan: Box<NotePlan>,
    /// The version that was there when the page was opened, or when it kept last.
    pub version: i64,
    /// The open page: what it kept itself, it may keep over, whatever got lost on the way.
    pub editor: String,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteDone {
    /// It is done.
    Done,
    /// It is kept, and this is the version now.
    Kept(i64),
    /// The next edition is written in this one.
    Begun(NoteId),
    /// Nothing was changed: someone else changed it meanwhile.
    Changed,
    /// Nothing was changed, and what is to be done first.
    Not(NotYet),
    /// Nothing was changed: its group is none that this account leads, or members do not see it.
    NotTheirs,
}

/// Who does it, and when.
type By = (StaffId, Millis);

/// Starts a note under a new id: a draft that only the desk sees. `by` is none where nobody at the desk starts it.
///
/// # Errors
/// What the database says.
pub async fn start(
    tx: &mut AnyConnection,
    by: Option<StaffId>,
    now: Millis,
    start: &Start,
) -> Result<NoteId, Error> {
    let id = NoteId(Uuid::now_v7());
    start_as(tx, (by, now), id, start).await?;
    Ok(id)
}

async fn start_as(
    tx: &mut AnyConnection,
    (by, now): (Option<StaffId>, Millis),
    id: NoteId,
    start: &Start,
) -> Result<(), Error> {
    db::add(&mut *tx, id, (id, 1), &start.plan, start.change, (by, now)).await?;
    match by {
        Some(by) => note(tx, (by, now), "note.start", id).await,
        None => Ok(()),
    }
}

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there or out of reach; what the database says.
pub async fn act(
    tx: &mut AnyConnection,
    by: By,
    id: NoteId,
    action: NoteAction,
) -> Result<NoteDone, Error> {
    let reach = Reach::now(&mut *tx, by.0).await?;
    if let NoteAction::Start(start) = action {
        if !may_put(&mut *tx, reach, &start.plan).await? {
            return Ok(NoteDone::NotTheirs);
        }
        start_as(tx, (Some(by.0), by.1), id, &start).await?;
        return Ok(NoteDone::Done);
    }
    reach.note(&mut *tx, id).await?;
    let row = db::find(&mut *tx, id).await?;
    match action {
        NoteAction::Start(_) => Err(Error::Internal("a note is started once".to_owned())),
        NoteAction::Keep(keeping) => keep(tx, by, reach, &row, keeping).await,
        NoteAction::Take(step, version) => step_on(tx, by, &row, step, version).await,
        NoteAction::Again(new) => again(tx, by, &row, new).await,
        NoteAction::ThrowAway => throw_away(tx, by, &row).await,
        NoteAction::Answer(question, words) => answer(tx, by, &row, question, &words).await,
    }
}

async fn note(
    tx: &mut AnyConnection,
    (by, now): By,
    action: &'static str,
    id: NoteId,
) -> Result<(), Error> {
    audit::add(tx, now, by, action, (kind::NOTE, id), None).await
}

/// Whether it may belong there: to a group that members see and that this account runs; a lead's belongs to one.
async fn may_put(tx: &mut AnyConnection, reach: Reach, plan: &NotePlan) -> Result<bool, Error> {
    if !reach.may_put(&mut *tx, plan.group).await? {
        return Ok(false);
    }
    let Some(group) = plan.group else {
        return Ok(true);
    };
    let row = groups::find(tx, group).await?;
    Ok(row.is_some_and(|row| row.record.state != GroupState::Draft))
}

async fn keep(
    tx: &mut AnyConnection,
    by: By,
    reach: Reach,
    row: &NoteRow,
    Keeping {
        plan,
        version,
        editor,
    }: Keeping,
) -> Result<NoteDone, Error> {
    if !row.state.may_edit() {
        return Ok(NoteDone::Not(NotYet::From(row.state)));
    }
    // What the group approved meanwhile is looked at again before it is written over.
    let own = !editor.is_empty() && row.editor == editor && row.state == NoteState::Draft;
    if row.version != version && !own {
        return Ok(NoteDone::Changed);
    }
    if row.plan == *plan {
        return Ok(NoteDone::Kept(row.version));
    }
    if row.plan.group != plan.group && !may_put(&mut *tx, reach, &plan).await? {
        return Ok(NoteDone::NotTheirs);
    }
    let (who, now) = by;
    let version = db::write(&mut *tx, row.id, &plan, &editor, (Some(who), now)).await?;
    // One line for what one page kept, however often.
    if !own {
        note(tx, by, "note.edit", row.id).await?;
    }
    Ok(NoteDone::Kept(version))
}

async fn step_on(
    tx: &mut AnyConnection,
    by: By,
    row: &NoteRow,
    step: NoteStep,
    version: i64,
) -> Result<NoteDone, Error> {
    if row.version != version {
        return Ok(NoteDone::Changed);
    }
    let leads = db::speaks_for(&mut *tx, row.plan.group, by.0).await?;
    if let Err(not) = take(row.state, step, &row.plan, leads) {
        return Ok(NoteDone::Not(not));
    }
    match step {
        NoteStep::Approve => {
            db::approve(&mut *tx, row.id, by).await?;
            note(tx, by, "note.approve", row.id).await?;
        }
        NoteStep::Publish => {
            let before = db::current(&mut *tx, row.line).await?;
            let before = before.map_or(0, |before| before.asks_since);
            let since = asks_since(row.edition, row.plan.significant, before);
            db::publish(&mut *tx, row, since, by).await?;
            note(tx, by, "note.publish", row.id).await?;
        }
    }
    Ok(NoteDone::Done)
}

/// Begins the next edition with the same words; goes on with the one that was begun before.
async fn again(
    tx: &mut AnyConnection,
    (by, now): By,
    row: &NoteRow,
    new: NoteId,
) -> Result<NoteDone, Error> {
    if row.state != NoteState::Published {
        return Ok(NoteDone::Not(NotYet::From(row.state)));
    }
    if let Some(begun) = db::begun(&mut *tx, row.line).await? {
        return Ok(NoteDone::Begun(begun));
    }
    let plan = NotePlan {
        significant: false,
        ..row.plan.clone()
    };
    let edition = (row.line, row.edition + 1);
    db::add(&mut *tx, new, edition, &plan, row.change, (Some(by), now)).await?;
    note(tx, (by, now), "note.again", new).await?;
    Ok(NoteDone::Begun(new))
}

async fn throw_away(tx: &mut AnyConnection, by: By, row: &NoteRow) -> Result<NoteDone, Error> {
    if !row.state.may_edit() {
        return Ok(NoteDone::Not(NotYet::From(row.state)));
    }
    db::throw_away(&mut *tx, row.id).await?;
    note(tx, by, "note.forget", row.id).await?;
    Ok(NoteDone::Done)
}

async fn answer(
    tx: &mut AnyConnection,
    by: By,
    row: &NoteRow,
    question: Uuid,
    words: &str,
) -> Result<NoteDone, Error> {
    if !db::speaks_for(&mut *tx, row.plan.group, by.0).await? {
        return Ok(NoteDone::Not(NotYet::NotTheGroup));
    }
    if !db::answer(&mut *tx, (row.line, question), words, by).await? {
        return Ok(NoteDone::Changed);
    }
    note(tx, by, "note.answer", row.id).await?;
    Ok(NoteDone::Done)
}

/// Whoever works here has read and understood this edition of a note; with what they ask the group. Whether it is
/// the edition that is read now: else they are shown the newer one first, and nothing is asked twice.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
pub async fn understood(
    tx: &mut AnyConnection,
    by: By,
    (line, edition): (NoteId, u32),
    question: Option<(Uuid, &str)>,
) -> Result<bool, Error> {
    let row = db::current(&mut *tx, line).await?.ok_or(Error::NotFound)?;
    if row.edition != edition {
        return Ok(false);
    }
    db::note_read(&mut *tx, &row, by).await?;
    if let Some(question) = question {
        db::ask(&mut *tx, &row, question, by).await?;
    }
    Ok(true)
}
