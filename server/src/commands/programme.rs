//! What staff do with opportunities: writing, showing them to members, and ending them. The steps are the domain's
//! (`app::domain::programme`); here they are written, told to phones and noted in the audit log, all or nothing.

use super::sessions::{self as held, SessionAction};
use crate::{
    db::{
        audit, edits,
        groups::{self, leads as group_leads},
        leads,
        opportunities::{self, OpportunityRow},
        reach::Reach,
        sessions::{self, SessionRow, is_to_come},
    },
    error::Error,
    publish,
    state::Arrival,
};
use app::domain::{
    group::GroupState,
    id::{GroupId, OpportunityId, StaffId},
    opportunity::{Agreement, Opportunity, OpportunityState},
    plan::{Plan, Told},
    programme::{self, Facts, Not, Step},
    record::kind,
    time::Millis,
};
use sqlx::AnyConnection;

/// Something that staff do with an opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgrammeAction {
    /// Starts a new one, which nobody else sees.
    Start(OpportunityId, Box<Plan>),
    /// Keeps what is written, beside what members see.
    Keep(OpportunityId, Keeping),
    /// Throws away what is written and not shown. One that was never shown goes whole.
    Forget(OpportunityId),
    /// Takes a step; with what came of it, or why it is called off.
    Take(OpportunityId, Step, Option<String>),
    /// A letter was made about it.
    Letter(OpportunityId),
    /// Something with its sessions.
    Hold(SessionAction),
}

/// What is to be kept, and on what it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// All that is written.
    pub plan: Box<Plan>,
    /// The version that was there when the page was opened, or when it kept last.
    pub version: i64,
    /// The open page: what it kept itself, it may keep over, whatever got lost on the way.
    pub editor: String,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgrammeDone {
    /// It is done.
    Done,
    /// It is kept, and this is the version now.
    Kept(i64),
    /// Nothing was changed: someone else changed it meanwhile.
    Changed,
    /// Nothing was changed, and what is to be done first.
    Not(Not),
    /// Nothing was changed: a session is no longer to come, or an opportunity that is over holds none.
    NoLonger,
    /// Nothing was changed: so many people have a place.
    Given(u32),
    /// Nothing was changed: people have asked already, so how places are given stays.
    Asked,
    /// Nothing was changed: members do not see its group yet.
    GroupNotShown,
    /// Nothing was changed: the ballot was drawn.
    Drawn,
    /// Nothing was changed: a lead's opportunity is in one of their groups, and this says another or none.
    NotTheirs,
}

/// What became of something, and what the desk should look at again.
pub type Acted = Result<(ProgrammeDone, Vec<Arrival>), Error>;

impl ProgrammeAction {
    /// Whether it may take away something that someone wrote: sign-ups that end with a session keep nothing of
    /// what their member wrote, and words of staff take the place of the last.
    pub fn takes_away(&self) -> bool {
        match self {
            Self::Take(_, step, _) => *step == Step::Cancel,
            Self::Hold(action) => action.takes_away(),
            Self::Start(..) | Self::Keep(..) | Self::Forget(_) | Self::Letter(_) => false,
        }
    }
}

/// Does it. `by` is who on the staff, `now` when.
///
/// # Errors
/// [`Error::NotFound`] for what is not there or out of reach; what the database says.
pub async fn act(
    transaction: &mut AnyConnection,
    (by, now): (StaffId, Millis),
    action: ProgrammeAction,
) -> Acted {
    let reach = Reach::now(&mut *transaction, by).await?;
    if reach != Reach::All && !may(&mut *transaction, reach, &action).await? {
        return Ok((ProgrammeDone::NotTheirs, Vec::new()));
    }
    let by = (by, now);
    match action {
        ProgrammeAction::Start(id, plan) => start(transaction, by, id, &plan).await,
        ProgrammeAction::Keep(id, keeping) => keep(transaction, by, id, keeping).await,
        ProgrammeAction::Forget(id) => forget(transaction, by, id).await,
        ProgrammeAction::Take(id, step, words) => take(transaction, by, id, step, words).await,
        ProgrammeAction::Letter(id) => {
            opportunities::find(&mut *transaction, id).await?;
            note(transaction, by, "opportunity.letter", id).await?;
            Ok((ProgrammeDone::Done, Vec::new()))
        }
        ProgrammeAction::Hold(action) => held::act(transaction, by, action).await,
    }
}

/// Whether a lead may do it: to what belongs to their groups, so that it still does.
async fn may(
    transaction: &mut AnyConnection,
    reach: Reach,
    action: &ProgrammeAction,
) -> Result<bool, Error> {
    let (id, group) = match action {
        ProgrammeAction::Start(_, plan) => return reach.may_put(transaction, plan.group).await,
        ProgrammeAction::Hold(action) => {
            held::reached(transaction, reach, action).await?;
            return Ok(true);
        }
        ProgrammeAction::Keep(id, keeping) => (*id, Some(keeping.plan.group)),
        // What staff wrote meanwhile may put it elsewhere.
        ProgrammeAction::Take(id, Step::Change, _) => {
            let edit = edits::find(&mut *transaction, *id).await?;
            (*id, edit.map(|edit| edit.plan.group))
        }
        ProgrammeAction::Take(id, ..)
        | ProgrammeAction::Forget(id)
        | ProgrammeAction::Letter(id) => (*id, None),
    };
    reach.opportunity(&mut *transaction, id).await?;
    match group {
        Some(group) => reach.may_put(transaction, group).await,
        None => Ok(true),
    }
}

async fn note(
    transaction: &mut AnyConnection,
    (by, now): (StaffId, Millis),
    action: &'static str,
    id: OpportunityId,
) -> Result<(), Error> {
    let thing = (kind::OPPORTUNITY, id.0);
    audit::add(transaction, now, by, action, thing, None).await
}

async fn start(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    id: OpportunityId,
    plan: &Plan,
) -> Acted {
    let plan = &with_group_there(&mut *transaction, plan).await?;
    let empty = plan.shown(OpportunityState::Draft, None, &Told::default());
    opportunities::add(&mut *transaction, id, &empty).await?;
    group_leads::follow(&mut *transaction, id, plan.group, by).await?;
    edits::keep(&mut *transaction, id, plan, "", by).await?;
    note(transaction, by, "opportunity.start", id).await?;
    Ok((ProgrammeDone::Done, vec![Arrival::SignUp(id)]))
}

/// The plan with its group, or with none where that was thrown away meanwhile: no word is lost over it.
async fn with_group_there(transaction: &mut AnyConnection, plan: &Plan) -> Result<Plan, Error> {
    let mut plan = plan.clone();
    if let Some(group) = plan.group
        && groups::find(transaction, group).await?.is_none()
    {
        plan.group = None;
    }
    Ok(plan)
}

/// Whether members see the group that an opportunity says it belongs to.
async fn group_is_shown(
    transaction: &mut AnyConnection,
    group: Option<GroupId>,
) -> Result<bool, Error> {
    let Some(group) = group else { return Ok(true) };
    let row = groups::find(transaction, group).await?;
    Ok(row.is_some_and(|row| row.record.state != GroupState::Draft))
}

async fn keep(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    id: OpportunityId,
    Keeping {
        plan,
        version,
        editor,
    }: Keeping,
) -> Acted {
    let row = opportunities::find(&mut *transaction, id).await?;
    if !programme::may_edit(row.record.state) {
        let not = Not::From(row.record.state);
        return Ok((ProgrammeDone::Not(not), Vec::new()));
    }
    let edit = edits::find(&mut *transaction, id).await?;
    let same_page = |editor_before: &str| !editor.is_empty() && editor_before == editor;
    let own = edit.as_ref().is_some_and(|edit| same_page(&edit.editor));
    if row.version != version && !own {
        return Ok((ProgrammeDone::Changed, Vec::new()));
    }
    let before = edit.map_or_else(|| Plan::of(&row.record), |edit| edit.plan);
    if before == *plan {
        return Ok((ProgrammeDone::Kept(row.version), Vec::new()));
    }
    let plan = with_group_there(&mut *transaction, &plan).await?;
    edits::keep(&mut *transaction, id, &plan, &editor, by).await?;
    if !programme::is_shown(row.record.state) {
        // Other lists of the desk name a draft as it is called now.
        let draft = plan.shown(OpportunityState::Draft, None, &Told::default());
        opportunities::write(&mut *transaction, id, &draft).await?;
        group_leads::follow(&mut *transaction, id, plan.group, by).await?;
    }
    let version = opportunities::count_up(&mut *transaction, id).await?;
    // One line for what one page kept, however often.
    if !own {
        note(transaction, by, "opportunity.edit", id).await?;
    }
    let news = if own { None } else { Some(Arrival::SignUp(id)) };
    Ok((ProgrammeDone::Kept(version), news.into_iter().collect()))
}

async fn forget(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    id: OpportunityId,
) -> Acted {
    let row = opportunities::find(&mut *transaction, id).await?;
    if programme::is_shown(row.record.state) {
        edits::forget(&mut *transaction, id).await?;
        opportunities::count_up(&mut *transaction, id).await?;
    } else {
        for (_, member) in leads::of(&mut *transaction, &[id]).await? {
            leads::remove(&mut *transaction, id, member).await?;
        }
        opportunities::throw_away(&mut *transaction, id).await?;
    }
    note(transaction, by, "opportunity.forget", id).await?;
    Ok((ProgrammeDone::Done, vec![Arrival::SignUp(id)]))
}

/// As it stands in the audit log.
fn name(step: Step) -> &'static str {
    match step {
        Step::Publish => "opportunity.publish",
        Step::Change => "opportunity.change",
        Step::Pause => "opportunity.pause",
        Step::Close => "opportunity.close",
        Step::ReportBack => "opportunity.report_back",
        Step::Archive => "opportunity.archive",
        Step::Cancel => "opportunity.cancel",
    }
}

async fn take(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    id: OpportunityId,
    step: Step,
    words: Option<String>,
) -> Acted {
    let row = opportunities::find(&mut *transaction, id).await?;
    let was = row.record.state;
    // What is shown for the first time, or anew, is what was written last. All else leaves an edit alone.
    let shows_edit =
        step == Step::Change || (step == Step::Publish && was == OpportunityState::Draft);
    let edit = edits::find(&mut *transaction, id).await?;
    let edit = edit.filter(|_| shows_edit).map(|edit| edit.plan);
    let held = sessions::of_opportunity(&mut *transaction, id).await?;
    let (_, now) = by;
    let coming = |it: &&SessionRow| is_to_come(&it.record, now);
    let on_a_day = |it: &&SessionRow| it.record.starts_at.is_some();
    let plan = edit.clone().unwrap_or_else(|| Plan::of(&row.record));
    let facts = Facts {
        plan: Some(&plan),
        to_come: held.iter().filter(coming).filter(on_a_day).count(),
        words: words.as_deref(),
    };
    let next = match programme::take(was, step, facts) {
        Ok(next) => next,
        Err(not) => return Ok((ProgrammeDone::Not(not), Vec::new())),
    };
    if shows_edit && !group_is_shown(&mut *transaction, plan.group).await? {
        return Ok((ProgrammeDone::GroupNotShown, Vec::new()));
    }
    let shown = shown(
        &mut *transaction,
        by,
        id,
        (&row, edit.as_ref()),
        step,
        next,
        words.clone(),
    )
    .await?;
    opportunities::write(&mut *transaction, id, &shown).await?;
    group_leads::follow(&mut *transaction, id, plan.group, by).await?;
    publish::opportunity_again(&mut *transaction, id, &shown).await?;
    if edit.is_some() {
        edits::forget(&mut *transaction, id).await?;
        opportunities::count_up(&mut *transaction, id).await?;
    }
    if !programme::is_shown(was) {
        for it in &held {
            publish::session_again(&mut *transaction, it.id, &it.record).await?;
        }
    }
    let mut arrivals = vec![Arrival::SignUp(id)];
    if let (Step::Cancel, Some(reason)) = (step, &words) {
        let coming = held.iter().filter(coming).cloned().collect();
        arrivals.extend(held::call_off(&mut *transaction, now, coming, reason).await?);
    }
    if was == OpportunityState::Paused && step == Step::Publish {
        arrivals.extend(held::pass_on(&mut *transaction, now, &held).await?);
    }
    note(transaction, by, name(step), id).await?;
    Ok((ProgrammeDone::Done, arrivals))
}

/// What members see from now on.
async fn shown(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    id: OpportunityId,
    (row, edit): (&OpportunityRow, Option<&Plan>),
    step: Step,
    next: OpportunityState,
    words: Option<String>,
) -> Result<Opportunity, Error> {
    let mut told = Told::of(&row.record);
    match step {
        Step::ReportBack => told.came_of_it = words,
        Step::Cancel => told.reason = words,
        _ => {}
    }
    let Some(plan) = edit else {
        let agreement = row.record.more().and_then(|more| more.agreement);
        return Ok(Plan::of(&row.record).shown(next, agreement, &told));
    };
    let agreement = agreement(transaction, by, id, plan).await?;
    Ok(plan.shown(next, agreement, &told))
}

/// What people agree to from now on. Each text is noted, so that it stays known what somebody said yes to.
async fn agreement(
    transaction: &mut AnyConnection,
    by: (StaffId, Millis),
    id: OpportunityId,
    plan: &Plan,
) -> Result<Option<Agreement>, Error> {
    let last = edits::last_agreement(&mut *transaction, id).await?;
    let agreement = plan.agreement(last.as_ref());
    if let Some(agreement) = &agreement {
        edits::note_agreement(transaction, id, agreement, by).await?;
    }
    Ok(agreement)
}
