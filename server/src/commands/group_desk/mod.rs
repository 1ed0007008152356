//! What staff do with involvement groups: writing their pages, opening and ending them, and who looks after each. What
//! is inside a group, its people and what they write, is for those who lead it and their backup alone (`inside`): an
//! admin as well is nobody there. Each step is written, told to phones and noted in the audit log, all or nothing.

mod inside;
mod plan;

pub use inside::{Inside, OnMessage};
pub use plan::GroupPlan;

use crate::{
    db::{
        audit,
        desk::groups::{self as desk, Leading},
        groups::{self, GroupRow, leads},
        reach::Reach,
        staff::{self, Role},
    },
    error::Error,
    staff::accounts,
    state::Arrival,
};
use app::domain::{
    group::{Group, GroupPart, GroupState, GroupStep, after},
    id::{GroupId, StaffId},
    opportunity::{Agreement, Area},
    record::kind,
    time::Millis,
};
use sqlx::AnyConnection;

/// Something that staff do with a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupAction {
    /// Starts a new one, which only staff see.
    Start(Area, String),
    /// Writes its words: at once what members see, where it is shown.
    Change {
        /// All that is written.
        plan: Box<GroupPlan>,
        /// The version on which it was written.
        version: i64,
    },
    /// Opens or pauses it.
    Take(GroupStep),
    /// Ends it, with what came of its work; on which version that was written.
    End(Option<String>, i64),
    /// Throws away one that nobody was ever shown.
    ThrowAway,
    /// Who of staff is behind its leads from now on.
    Backup(StaffId),
    /// An account leads it from the desk, or no more.
    Account(StaffId, bool),
    /// Something inside of it, for those who look after it.
    Inside(Inside),
}

impl GroupAction {
    /// Whether it may take away something that someone wrote.
    pub fn takes_away(&self) -> bool {
        matches!(self, Self::Inside(inside) if inside.takes_away())
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupDone {
    /// It is done.
    Done,
    /// Nothing was changed: someone else changed it meanwhile.
    Changed,
    /// Nothing was changed: these are needed first.
    Missing(Vec<GroupPart>),
    /// Nothing was changed: this does not follow from where the group is now.
    NotFrom,
    /// Nothing was changed: so many opportunities belong to it.
    HasOpportunities(i64),
}

/// Who does it, and when.
type By = (StaffId, Millis);

/// Does it.
///
/// # Errors
/// [`Error::NotFound`] for what is not there; [`Error::Forbidden`] for what is not theirs; what the database says.
pub async fn act(
    tx: &mut AnyConnection,
    by: By,
    id: GroupId,
    action: GroupAction,
) -> Result<(GroupDone, Vec<Arrival>), Error> {
    let reach = Reach::now(&mut *tx, by.0).await?;
    if reach != Reach::All {
        reach.group(&mut *tx, id).await?;
        let is_theirs = matches!(action, GroupAction::Change { .. } | GroupAction::Inside(_));
        if !is_theirs {
            return Err(Error::Forbidden);
        }
    }
    let done = match action {
        GroupAction::Start(area, title) => start(tx, by, id, area, title).await?,
        action => {
            let row = groups::find(&mut *tx, id).await?.ok_or(Error::NotFound)?;
            with(tx, by, &row, action).await?
        }
    };
    Ok((done, vec![Arrival::Group(id)]))
}

async fn with(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    action: GroupAction,
) -> Result<GroupDone, Error> {
    match action {
        GroupAction::Start(..) => Err(Error::Internal("a group is started once".to_owned())),
        GroupAction::Change { plan, version } => change(tx, by, row, &plan, version).await,
        GroupAction::Take(step) => take(tx, by, row, step).await,
        GroupAction::End(came_of_it, version) => end(tx, by, row, came_of_it, version).await,
        GroupAction::ThrowAway => throw_away(tx, by, row).await,
        GroupAction::Backup(backup) => name_backup(tx, by, row, backup).await,
        GroupAction::Account(staff, leads) => account(tx, by, row, staff, leads).await,
        GroupAction::Inside(inside) => inside::act(tx, by, row, inside).await,
    }
}

async fn note(
    tx: &mut AnyConnection,
    (by, now): By,
    action: &'static str,
    id: GroupId,
) -> Result<(), Error> {
    audit::add(tx, now, by, action, (kind::GROUP, id.0), None).await
}

/// Whether someone may say who looks after a group. While nobody was shown it everyone on the desk may; then those
/// who look after it, and admins: who is named reads what people write there. A lead never may.
///
/// # Errors
/// What the database says.
pub async fn may_name(
    tx: &mut AnyConnection,
    staff: StaffId,
    row: &GroupRow,
) -> Result<bool, Error> {
    let who = staff::find(&mut *tx, staff).await?;
    let Some(who) = who.filter(|who| who.role != Role::Lead) else {
        return Ok(false);
    };
    if row.record.state == GroupState::Draft || desk::reads(&mut *tx, staff, row.id).await? {
        return Ok(true);
    }
    Ok(who.role == Role::Admin)
}

/// What is needed before members may see a group.
pub fn missing(record: &Group, leading: &Leading) -> Vec<GroupPart> {
    let mut missing = GroupPlan::of(record).missing();
    if !leading.has_lead() {
        missing.push(GroupPart::Lead);
    }
    if !leading.has_backup() {
        missing.push(GroupPart::Backup);
    }
    missing
}

async fn start(
    tx: &mut AnyConnection,
    by: By,
    id: GroupId,
    area: Area,
    title: String,
) -> Result<GroupDone, Error> {
    let group = Group {
        area,
        title,
        does: String::new(),
        who_for: None,
        meets: None,
        led_by: None,
        backup: None,
        came_of_it: None,
        agreement: Agreement {
            version: 0,
            text: String::new(),
        },
        state: GroupState::Draft,
    };
    groups::add(&mut *tx, id, &group, by.0, by.1).await?;
    note(tx, by, "group.start", id).await?;
    Ok(GroupDone::Done)
}

async fn change(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    plan: &GroupPlan,
    version: i64,
) -> Result<GroupDone, Error> {
    if row.version != version {
        return Ok(GroupDone::Changed);
    }
    let is_shown = row.record.state != GroupState::Draft;
    let missing = plan.missing();
    if is_shown && !missing.is_empty() {
        return Ok(GroupDone::Missing(missing));
    }
    let next = plan.shown(&row.record);
    if next == row.record {
        return Ok(GroupDone::Done);
    }
    write(&mut *tx, by, row.id, &next).await?;
    note(tx, by, "group.change", row.id).await?;
    Ok(GroupDone::Done)
}

/// Writes a group, notes what people agree to from now on, and tells phones.
async fn write(tx: &mut AnyConnection, by: By, id: GroupId, next: &Group) -> Result<(), Error> {
    groups::write(&mut *tx, id, next).await?;
    if next.state != GroupState::Draft {
        groups::note_agreement(&mut *tx, id, &next.agreement, by).await?;
    }
    groups::publish(tx, id).await
}

async fn take(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    step: GroupStep,
) -> Result<GroupDone, Error> {
    let (name, next) = match (step, after(row.record.state, step)) {
        (GroupStep::Open, Some(next)) => ("group.open", next),
        (GroupStep::Pause, Some(next)) => ("group.pause", next),
        (GroupStep::End, _) | (_, None) => return Ok(GroupDone::NotFrom),
    };
    if step == GroupStep::Open {
        let leading = desk::leading(&mut *tx, row.id).await?;
        let missing = missing(&row.record, &leading);
        if !missing.is_empty() {
            return Ok(GroupDone::Missing(missing));
        }
    }
    let mut group = row.record.clone();
    group.state = next;
    // The first text that people agree to is the first version.
    group.agreement.version = group.agreement.version.max(1);
    write(&mut *tx, by, row.id, &group).await?;
    note(tx, by, name, row.id).await?;
    Ok(GroupDone::Done)
}

async fn end(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    came_of_it: Option<String>,
    version: i64,
) -> Result<GroupDone, Error> {
    let Some(next) = after(row.record.state, GroupStep::End) else {
        return Ok(GroupDone::NotFrom);
    };
    if row.version != version {
        return Ok(GroupDone::Changed);
    }
    let mut group = row.record.clone();
    group.state = next;
    group.came_of_it = came_of_it;
    write(&mut *tx, by, row.id, &group).await?;
    note(tx, by, "group.end", row.id).await?;
    Ok(GroupDone::Done)
}

async fn throw_away(tx: &mut AnyConnection, by: By, row: &GroupRow) -> Result<GroupDone, Error> {
    if row.record.state != GroupState::Draft {
        return Ok(GroupDone::NotFrom);
    }
    let many = desk::count_opportunities(&mut *tx, row.id).await?;
    if many > 0 {
        return Ok(GroupDone::HasOpportunities(many));
    }
    groups::throw_away(&mut *tx, row.id).await?;
    note(tx, by, "group.forget", row.id).await?;
    Ok(GroupDone::Done)
}

/// Writes down who of staff looks after a group from now on, or no more.
async fn note_account(
    tx: &mut AnyConnection,
    (by, now): By,
    action: &'static str,
    staff: StaffId,
    row: &GroupRow,
) -> Result<(), Error> {
    let about = (accounts::KIND, staff.0);
    let title = row.record.title.clone();
    audit::add_saying(tx, now, by, action, about, title).await?;
    Ok(())
}

async fn name_backup(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    backup: StaffId,
) -> Result<GroupDone, Error> {
    if !may_name(&mut *tx, by.0, row).await? {
        return Err(Error::Forbidden);
    }
    let who = staff::find(&mut *tx, backup).await?;
    who.filter(|who| who.role != Role::Lead)
        .ok_or(Error::NotFound)?;
    if row.backup != Some(backup) {
        groups::set_backup(&mut *tx, row.id, Some(backup)).await?;
        groups::publish(&mut *tx, row.id).await?;
        note_account(tx, by, "group.backup", backup, row).await?;
    }
    Ok(GroupDone::Done)
}

async fn account(
    tx: &mut AnyConnection,
    by: By,
    row: &GroupRow,
    staff: StaffId,
    leads: bool,
) -> Result<GroupDone, Error> {
    if !may_name(&mut *tx, by.0, row).await? {
        return Err(Error::Forbidden);
    }
    let changed = if leads {
        staff::find(&mut *tx, staff).await?.ok_or(Error::NotFound)?;
        leads::add_account(&mut *tx, row.id, staff, by).await?
    } else {
        leads::remove_account(&mut *tx, row.id, staff).await?
    };
    if changed {
        let action = if leads {
            "group.lead"
        } else {
            "group.lead_end"
        };
        note_account(tx, by, action, staff, row).await?;
    }
    Ok(GroupDone::Done)
}
