//! What staff and leads do with what changed: writing it, agreeing with what somebody else wrote, publishing it,
//! putting it right, and taking it down. The steps are the domain's (`app::domain::change`); here they are written,
//! told to phones and noted in the audit log, all or nothing.
//!
//! What makes a change of something else (a decision about words, an answered experience) calls [`start`].

use super::{experience_desk::came_of_it, learning};
use crate::{
    db::{
        audit,
        changes::{self, Begins, ChangeRow},
        groups, learning as notes, opportunities,
        reach::Reach,
        words::suggestions,
    },
    error::Error,
    state::Arrival,
};
use app::domain::{
    change::{ChangeKind, ChangePlan, ChangeState, ChangeStep, Facts, NotYet, SourceKind, take},
    group::GroupState,
    id::{ChangeId, OpportunityId, StaffId, SuggestionId},
    learning::NotePlan,
    opportunity::{Area, OpportunityState},
    record::kind,
    time::Millis,
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// What a new change begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// What is known so far; the rest is written at the desk.
    pub plan: ChangePlan,
    /// What it came from.
    pub source: Option<(SourceKind, Uuid)>,
}

/// Something that is done with a change at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeAction {
    /// Starts a new one, which only the desk sees.
    Start(Box<Start>),
    /// Keeps what is written.
    Keep(Keeping),
    /// Agrees with the words of this version.
    Agree(i64),
    /// Publishes this version.
    Publish(i64),
    /// Begins another one, under this id, to stand in its place.
    Correct(ChangeId),
    /// Takes it down, and why.
    TakeDown(Option<String>),
    /// Throws away one that was never out.
    ThrowAway,
}

/// What is to be kept, and on what it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// All that is written.
    pub plan: Box<ChangePlan>,
    /// The version that was there when the page was opened, or when it kept last.
    pub version: i64,
    /// The open page: what it kept itself, it may keep over, whatever got lost on the way.
    pub editor: String,
}

impl ChangeAction {
    /// Whether it may take away something that someone wrote.
    pub fn takes_away(&self) -> bool {
        matches!(self, Self::TakeDown(_) | Self::ThrowAway)
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeDone {
    /// It is done.
    Done,
    /// It is kept, and this is the version now.
    Kept(i64),
    /// It is being put right in this one.
    Correcting(ChangeId),
    /// Nothing was changed: someone else changed it meanwhile.
    Changed,
    /// Nothing was changed, and what is to be done first.
    Not(NotYet),
    /// Nothing was changed: another one was put in the place of the same one meanwhile.
    PutRightAlready,
    /// Nothing was changed: its group is none that this account leads, or members do not see it.
    NotTheirs,
}

/// Who does it, and when.
type By = (StaffId, Millis);

/// Starts a change under a new id: a draft that only the desk sees. `by` is none where nobody at the desk starts it,
/// such as a member who leads a group on their phone; whoever agrees with it is a second person then.
///
/// # Errors
/// What the database says.
pub async fn start(
    tx: &mut AnyConnection,
    by: Option<StaffId>,
    now: Millis,
    start: &Start,
) -> Result<ChangeId, Error> {
    let id = ChangeId(Uuid::now_v7());
    start_as(tx, (by, now), id, start).await?;
    Ok(id)
}

/// The same under an id that was made before.
///
/// # Errors
/// What the database says.
pub async fn start_as(
    tx: &mut AnyConnection,
    (by, now): (Option<StaffId>, Millis),
    id: ChangeId,
    start: &Start,
) -> Result<(), Error> {
    let begins = Begins {
        source: start.source,
        replaces: None,
        by,
    };
    changes::add(&mut *tx, id, &start.plan, begins, now).await?;
    match by {
        Some(by) => note(tx, (by, now), "change.start", id).await,
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
    id: ChangeId,
    action: ChangeAction,
) -> Result<(ChangeDone, Vec<Arrival>), Error> {
    let reach = Reach::now(&mut *tx, by.0).await?;
    let done = match action {
        ChangeAction::Start(start) => begin(tx, by, reach, id, *start).await?,
        action => {
            reach.change(&mut *tx, id).await?;
            let row = changes::find(&mut *tx, id).await?;
            with(tx, by, reach, &row, action).await?
        }
    };
    Ok((done, vec![Arrival::Change(id)]))
}

async fn with(
    tx: &mut AnyConnection,
    by: By,
    reach: Reach,
    row: &ChangeRow,
    action: ChangeAction,
) -> Result<ChangeDone, Error> {
    match action {
        ChangeAction::Start(_) => Err(Error::Internal("a change is started once".to_owned())),
        ChangeAction::Keep(keeping) => keep(tx, by, reach, row, keeping).await,
        ChangeAction::Agree(version) => agree(tx, by, row, version).await,
        ChangeAction::Publish(version) => publish(tx, by, row, version).await,
        ChangeAction::Correct(new) => correct(tx, by, row, new).await,
        ChangeAction::TakeDown(why) => take_down(tx, by, row, why.as_deref()).await,
        ChangeAction::ThrowAway => throw_away(tx, by, row).await,
    }
}

async fn note(
    tx: &mut AnyConnection,
    (by, now): By,
    action: &'static str,
    id: ChangeId,
) -> Result<(), Error> {
    audit::add(tx, now, by, action, (kind::CHANGE, id), None).await
}

/// Whether it may belong there: to a group that members see and that this account runs; a lead's belongs to one.
async fn may_put(tx: &mut AnyConnection, reach: Reach, plan: &ChangePlan) -> Result<bool, Error> {
    if !reach.may_put(&mut *tx, plan.group).await? {
        return Ok(false);
    }
    let Some(group) = plan.group else {
        return Ok(true);
    };
    let row = groups::find(tx, group).await?;
    Ok(row.is_some_and(|row| row.record.state != GroupState::Draft))
}

async fn begin(
    tx: &mut AnyConnection,
    by: By,
    reach: Reach,
    id: ChangeId,
    mut start: Start,
) -> Result<ChangeDone, Error> {
    match start.source {
        Some((SourceKind::Opportunity, opportunity)) => {
            let opportunity = OpportunityId(opportunity);
            reach.opportunity(&mut *tx, opportunity).await?;
            start.plan = reported(tx, opportunity).await?;
        }
        Some(_) => return Err(Error::Malformed),
        None => {}
    }
    if !may_put(&mut *tx, reach, &start.plan).await? {
        return Ok(ChangeDone::NotTheirs);
    }
    start_as(tx, (Some(by.0), by.1), id, &start).await?;
    Ok(ChangeDone::Done)
}

/// What is known of an opportunity that was reported back.
async fn reported(tx: &mut AnyConnection, id: OpportunityId) -> Result<ChangePlan, Error> {
    let record = opportunities::find(tx, id).await?.record;
    let more = record.more().unwrap_or_default();
    let is_told = matches!(
        record.state,
        OpportunityState::ReportedBack | OpportunityState::Archived
    );
    let came_of_it = more.came_of_it.filter(|_| is_told);
    Ok(ChangePlan {
        we_did: came_of_it.ok_or(Error::NotFound)?,
        why: record.purpose.clone(),
        ..ChangePlan::new(record.area, more.group)
    })
}

async fn keep(
    tx: &mut AnyConnection,
    by: By,
    reach: Reach,
    row: &ChangeRow,
    Keeping {
        plan,
        version,
        editor,
    }: Keeping,
) -> Result<ChangeDone, Error> {
    if !row.state.may_edit() {
        return Ok(ChangeDone::Not(NotYet::From(row.state)));
    }
    // What somebody else agreed with meanwhile is theirs too: it is looked at again before it is written over.
    let own = !editor.is_empty() && row.editor == editor && row.state == ChangeState::Draft;
    if row.version != version && !own {
        return Ok(ChangeDone::Changed);
    }
    if row.plan == *plan {
        return Ok(ChangeDone::Kept(row.version));
    }
    if row.plan.group != plan.group && !may_put(&mut *tx, reach, &plan).await? {
        return Ok(ChangeDone::NotTheirs);
    }
    let (who, now) = by;
    let version = changes::write(&mut *tx, row.id, &plan, &editor, (Some(who), now)).await?;
    // One line for what one page kept, however often.
    if !own {
        note(tx, by, "change.edit", row.id).await?;
    }
    Ok(ChangeDone::Kept(version))
}

/// What a step goes by.
fn facts<'a>(row: &'a ChangeRow, by: By, reason: Option<&'a str>) -> Facts<'a> {
    Facts {
        plan: &row.plan,
        writer: row.written.by,
        by: by.0,
        reason,
    }
}

async fn agree(
    tx: &mut AnyConnection,
    by: By,
    row: &ChangeRow,
    version: i64,
) -> Result<ChangeDone, Error> {
    if row.version != version {
        return Ok(ChangeDone::Changed);
    }
    if let Err(not) = take(row.state, ChangeStep::Agree, facts(row, by, None)) {
        return Ok(ChangeDone::Not(not));
    }
    changes::agree(&mut *tx, row.id, by).await?;
    note(tx, by, "change.agree", row.id).await?;
    Ok(ChangeDone::Done)
}

async fn publish(
    tx: &mut AnyConnection,
    by: By,
    row: &ChangeRow,
    version: i64,
) -> Result<ChangeDone, Error> {
    if row.version != version {
        return Ok(ChangeDone::Changed);
    }
    if let Err(not) = take(row.state, ChangeStep::Publish, facts(row, by, None)) {
        return Ok(ChangeDone::Not(not));
    }
    let mut replaces = None;
    if let Some(old) = row.replaces {
        match changes::find(&mut *tx, old).await?.state {
            ChangeState::Published => replaces = Some(old),
            ChangeState::Superseded => return Ok(ChangeDone::PutRightAlready),
            // It was taken down meanwhile: this one stands for itself.
            _ => {}
        }
    }
    changes::publish(&mut *tx, row.id, replaces, by).await?;
    note(&mut *tx, by, "change.publish", row.id).await?;
    came_of_it::published(&mut *tx, by, row.id, replaces).await?;
    explain(tx, by, row).await?;
    Ok(ChangeDone::Done)
}

/// Words that changed make a note for staff, unless there is one already: about this, or about what it puts right.
async fn explain(tx: &mut AnyConnection, (by, now): By, row: &ChangeRow) -> Result<(), Error> {
    let told: Vec<ChangeId> = [Some(row.id), row.replaces].into_iter().flatten().collect();
    let is_wording = row.plan.area == Area::Wording && row.plan.kind == ChangeKind::Done;
    if !is_wording || notes::explains(&mut *tx, &told).await? {
        return Ok(());
    }
    let old_words = match row.source {
        Some((SourceKind::Suggestion, id)) => {
            let about = suggestions::find(&mut *tx, SuggestionId(id)).await?;
            about.and_then(|about| about.was).unwrap_or_default()
        }
        _ => String::new(),
    };
    let plan = NotePlan {
        old_words,
        new_words: row.plan.we_did.clone(),
        why: row.plan.why.clone(),
        significant: true,
        ..NotePlan::new(row.plan.group)
    };
    let start = learning::Start {
        plan,
        change: Some(row.id),
    };
    learning::start(tx, Some(by), now, &start).await?;
    Ok(())
}

/// Begins another one with the same words; goes on with the one that was begun before.
async fn correct(
    tx: &mut AnyConnection,
    (by, now): By,
    row: &ChangeRow,
    new: ChangeId,
) -> Result<ChangeDone, Error> {
    if row.state != ChangeState::Published {
        return Ok(ChangeDone::Not(NotYet::From(row.state)));
    }
    if let Some(begun) = changes::correction(&mut *tx, row.id).await? {
        return Ok(ChangeDone::Correcting(begun));
    }
    let begins = Begins {
        source: row.source,
        replaces: Some(row.id),
        by: Some(by),
    };
    changes::add(&mut *tx, new, &row.plan, begins, now).await?;
    note(tx, (by, now), "change.correct", new).await?;
    Ok(ChangeDone::Correcting(new))
}

/// Takes it down, and with it those in whose place it stood: they would lead to nothing, and may say the same.
async fn take_down(
    tx: &mut AnyConnection,
    by: By,
    row: &ChangeRow,
    why: Option<&str>,
) -> Result<ChangeDone, Error> {
    if let Err(not) = take(row.state, ChangeStep::TakeDown, facts(row, by, why)) {
        return Ok(ChangeDone::Not(not));
    }
    let mut next = Some(row.id);
    while let Some(id) = next {
        let one = changes::find(&mut *tx, id).await?;
        if !one.state.is_shown() {
            break;
        }
        changes::take_down(&mut *tx, id, why.unwrap_or_default(), by).await?;
        note(tx, by, "change.take_down", id).await?;
        came_of_it::moved(tx, id, by.1).await?;
        next = one.replaces;
    }
    Ok(ChangeDone::Done)
}

async fn throw_away(tx: &mut AnyConnection, by: By, row: &ChangeRow) -> Result<ChangeDone, Error> {
    if !row.state.may_edit() {
        return Ok(ChangeDone::Not(NotYet::From(row.state)));
    }
    changes::throw_away(&mut *tx, row.id).await?;
    note(tx, by, "change.forget", row.id).await?;
    Ok(ChangeDone::Done)
}
