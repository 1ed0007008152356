//! What staff do with help lines: each in one transaction with its line in the audit log and the public
//! record that phones get with their next sync.

use crate::{
    db::{
        audit,
        help_lines::{self, Kept},
        staff::Staff,
    },
    error::Error,
    publish,
};
use app::{
    domain::{
        id::{HelpLineId, StaffId},
        record::kind,
        time::Millis,
    },
    ui::lines::built_in,
};
use jiff::{ToSpan, civil::Date};
use sqlx::AnyConnection;
use uuid::Uuid;

/// How many days a check holds where nobody has said otherwise.
pub const CHECK_DAYS: i64 = 90;

/// Adds a line behind `after`, or first. The first one brings the built-in lines with it: phones show
/// what is here in their place, and nobody is to lose a line that way. Added already, nothing changes.
///
/// # Errors
/// What the database says.
pub async fn add(
    tx: &mut AnyConnection,
    now: Millis,
    by: StaffId,
    (id, after): (HelpLineId, Option<HelpLineId>),
    mut new: Kept,
) -> Result<(), Error> {
    start(tx, now, by).await?;
    new.line.order = i32::MAX;
    if publish::help_line(tx, id, &new).await? {
        arrange(tx, id, after).await?;
        audit::add(tx, now, by, "help_line.add", (kind::HELP_LINE, id.0), None).await?;
    }
    Ok(())
}

/// Where there is no line at all, the built-in ones become the organisation's own, to be changed and
/// checked.
///
/// # Errors
/// What the database says.
pub async fn start(tx: &mut AnyConnection, now: Millis, by: StaffId) -> Result<(), Error> {
    if !help_lines::all(tx).await?.is_empty() {
        return Ok(());
    }
    for (mut line, order) in built_in().into_iter().zip(1..) {
        line.order = order;
        let kept = Kept {
            line,
            checked_by: None,
            check_by: None,
        };
        publish::help_line(tx, HelpLineId(Uuid::now_v7()), &kept).await?;
    }
    let all = (kind::HELP_LINE, Uuid::nil());
    audit::add(tx, now, by, "help_line.start", all, None).await
}

/// Changes what a line says, and where it stands.
///
/// # Errors
/// [`Error::NotFound`] for one that was taken away; what the database says.
pub async fn change(
    tx: &mut AnyConnection,
    now: Millis,
    by: StaffId,
    (id, after): (HelpLineId, Option<HelpLineId>),
    mut new: Kept,
) -> Result<(), Error> {
    let old = help_lines::find(tx, id).await?.ok_or(Error::NotFound)?;
    new.line.order = old.line.order;
    write(tx, id, &new).await?;
    arrange(tx, id, after).await?;
    audit::add(
        tx,
        now,
        by,
        "help_line.change",
        (kind::HELP_LINE, id.0),
        None,
    )
    .await
}

/// Puts a line behind `after`, or first.
///
/// # Errors
/// [`Error::NotFound`] for one that was taken away; what the database says.
pub async fn place(
    tx: &mut AnyConnection,
    now: Millis,
    by: StaffId,
    (id, after): (HelpLineId, Option<HelpLineId>),
) -> Result<(), Error> {
    help_lines::find(tx, id).await?.ok_or(Error::NotFound)?;
    arrange(tx, id, after).await?;
    audit::add(
        tx,
        now,
        by,
        "help_line.place",
        (kind::HELP_LINE, id.0),
        None,
    )
    .await
}

/// Someone has checked a line on `today`: that holds for as long as the last check was to hold.
///
/// # Errors
/// [`Error::NotFound`] for one that was taken away; what the database says.
pub async fn check(
    tx: &mut AnyConnection,
    now: Millis,
    by: &Staff,
    id: HelpLineId,
    today: &str,
) -> Result<(), Error> {
    let mut it = help_lines::find(tx, id).await?.ok_or(Error::NotFound)?;
    it.check_by = Some(next_check(&it, today));
    it.line.checked_on = Some(today.to_owned());
    it.checked_by = Some(by.name.clone());
    write(tx, id, &it).await?;
    audit::add(
        tx,
        now,
        by.id,
        "help_line.check",
        (kind::HELP_LINE, id.0),
        None,
    )
    .await
}

/// Takes a line away; nothing changes where that was done already.
///
/// # Errors
/// What the database says.
pub async fn take_away(
    tx: &mut AnyConnection,
    now: Millis,
    by: StaffId,
    id: HelpLineId,
) -> Result<(), Error> {
    if help_lines::find(tx, id).await?.is_none() {
        return Ok(());
    }
    help_lines::take_away(tx, id, now).await?;
    publish::changed_help_line(tx, id, None).await?;
    audit::add(
        tx,
        now,
        by,
        "help_line.take_away",
        (kind::HELP_LINE, id.0),
        None,
    )
    .await
}

/// The last day that a check on `today` holds for.
pub fn next_check(it: &Kept, today: &str) -> String {
    let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Date>().ok());
    let held = match (day(&it.line.checked_on), day(&it.check_by)) {
        (Some(from), Some(to)) if from < to => (to - from).get_days().into(),
        _ => CHECK_DAYS,
    };
    let next = (today.parse::<Date>()).and_then(|today| today.checked_add(held.days()));
    next.map_or_else(|_| today.to_owned(), |day| day.to_string())
}

async fn write(tx: &mut AnyConnection, id: HelpLineId, it: &Kept) -> Result<(), Error> {
    help_lines::change(tx, id, it).await?;
    publish::changed_help_line(tx, id, Some(&it.line)).await
}

/// Writes the order anew, where it is another.
async fn arrange(
    tx: &mut AnyConnection,
    id: HelpLineId,
    after: Option<HelpLineId>,
) -> Result<(), Error> {
    let lines = help_lines::all(tx).await?;
    let ids: Vec<HelpLineId> = lines.iter().map(|(id, _)| *id).collect();
    for (wanted, order) in arranged(&ids, id, after).into_iter().zip(1..) {
        let found = lines.iter().find(|(id, _)| *id == wanted);
        if let Some((_, kept)) = found.filter(|(_, kept)| kept.line.order != order) {
            let mut kept = kept.clone();
            kept.line.order = order;
            write(tx, wanted, &kept).await?;
        }
    }
    Ok(())
}

/// `id` behind `after`; behind all if that is not there.
fn arranged(ids: &[HelpLineId], id: HelpLineId, after: Option<HelpLineId>) -> Vec<HelpLineId> {
    let mut others: Vec<HelpLineId> = ids.iter().copied().filter(|other| *other != id).collect();
    let at = match after {
        None => 0,
        Some(after) => {
            let before = others.iter().position(|other| *other == after);
            before.map_or(others.len(), |at| at + 1)
        }
    };
    others.insert(at, id);
    others
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::domain::help_line::LineKind;

    fn kept(checked_on: Option<&str>, check_by: Option<&str>) -> Kept {
        let mut line = built_in().remove(0);
        line.kind = LineKind::Call;
        line.checked_on = checked_on.map(str::to_owned);
        Kept {
            line,
            checked_by: None,
            check_by: check_by.map(str::to_owned),
        }
    }

    #[test]
    fn a_check_holds_as_long_as_the_last_one_was_to_hold() {
        let monthly = kept(Some("2026-11-01"), Some("2026-12-01"));
        assert_eq!(next_check(&monthly, "2026-12-24"), "2027-01-23");
        for unknown in [
            kept(None, None),
            kept(None, Some("2026-12-01")),
            kept(Some("2026-12-01"), Some("2026-11-01")),
            kept(Some("soon"), Some("2026-11-01")),
        ] {
            assert_eq!(next_check(&unknown, "2026-11-25"), "2027-02-23");
        }
    }

    #[test]
    fn a_line_is_due_after_its_last_day_and_when_nobody_checked_it() {
        let it = kept(Some("2026-11-01"), Some("2026-12-01"));
        assert!(!it.is_due("2026-12-01") && it.is_due("2026-12-02"));
        assert!(kept(None, Some("2026-12-01")).is_due("2026-11-02"));
        assert!(kept(Some("2026-11-01"), None).is_due("2026-11-02"));
    }

    #[test]
    fn a_line_goes_where_it_is_put_and_none_is_lost() {
        let [a, b, c, d] = [1, 2, 3, 4].map(|id| HelpLineId(Uuid::from_u128(id)));
        let all = [a, b, c];
        assert_eq!(arranged(&all, c, None), [c, a, b]);
        assert_eq!(arranged(&all, a, Some(b)), [b, a, c]);
        assert_eq!(arranged(&all, a, Some(a)), [b, c, a]);
        assert_eq!(arranged(&all, b, Some(a)), all);
        assert_eq!(arranged(&all, d, Some(c)), [a, b, c, d]);
        assert_eq!(arranged(&all, a, Some(d)), [b, c, a]);
    }
}
