//! Who is rung, and who reads safety records, in the demo organisation.

use crate::{
    db::{
        safety::settings::{self, Checked, Person, Procedure},
        staff::NewStaff,
    },
    error::Error,
    safety,
};
use app::domain::time::Millis;
use jiff::{Timestamp, tz::TimeZone};
use sqlx::AnyConnection;

/// Names a lead and a deputy; the admin has checked it today and reads the records.
pub async fn fill(
    tx: &mut AnyConnection,
    admin: &NewStaff,
    now: Millis,
    today: &str,
) -> Result<(), Error> {
    let person = |name: &str, phone: &str| Person {
        name: Some(name.to_owned()),
        phone: Some(phone.to_owned()),
    };
    let built_in = safety::built_in();
    let procedure = Procedure {
        steps: built_in.procedure.steps.clone(),
        lead: person("Grace Adeyemi", "01632 960 110"),
        deputy: person("Tom Hale", "01632 960 111"),
    };
    let checked = Checked {
        on: today.to_owned(),
        by: admin.name.clone(),
    };
    let first = safety::next(&built_in, procedure, Some(checked));
    settings::add(tx, now, admin.id, &first, &[admin.id]).await
}

/// The day of `now` in the organisation's zone.
pub fn today(now: Millis, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let now = Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH);
    now.to_zoned_datetime(zone).date().to_string()
}
