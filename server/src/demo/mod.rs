//! `--demo`: a believable organisation for trying Chorus out and for its tests. Everyone in it is
//! made up, and it is only ever served on this machine itself.

mod changes;
mod experiences;
mod groups;
mod help_lines;
mod opportunities;
mod peers;
mod safety;
mod words;

use crate::{
    clock,
    db::{
        edits,
        join_codes::{self, NewCode},
        staff::{self, NewStaff, Role},
        teams::{self, Details},
    },
    error::Error,
    publish,
    staff::passwords,
    state::App,
};
use app::domain::{
    hours::{Hours, parse_openings},
    id::{GroupId, HelpLineId, StaffId, TeamId},
    team::Team,
    time::Millis,
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// The password of the demo's staff.
pub const PASSWORD: &str = "lived experience";
/// Signs in to the Harbour team's desk.
pub const STAFF_EMAIL: &str = "staff@demo.example";
/// Signs in to the Lookout team's desk, as an admin.
pub const ADMIN_EMAIL: &str = "admin@demo.example";
/// Joins the Harbour team.
pub const HARBOUR_CODE: &str = "STAR-DEMO";
/// Joins no team.
pub const NO_TEAM_CODE: &str = "LOOK-DEMO";

/// Fills an empty database; one that has teams is left as it is.
///
/// # Errors
/// What the database says.
pub async fn fill(app: &App) -> Result<(), Error> {
    let password = passwords::hash(PASSWORD.to_owned()).await?;
    let zone = app.config.zone.clone();
    app.writer
        .run(move |tx| Box::pin(async move { fill_empty(tx, &password, &zone).await }))
        .await?;
    app.set_up.close();
    Ok(())
}

async fn fill_empty(tx: &mut AnyConnection, password: &str, zone: &str) -> Result<(), Error> {
    let now = clock::now_ms();
    if !teams::is_empty(tx).await? {
        return Ok(());
    }
    let today = safety::today(now, zone);
    let lookout = add_team(
        tx,
        &Details {
            name: "Lookout team".to_owned(),
            hours: Some(hours(zone, "mon-sun 08:00-20:00")?),
            phone: Some("01632 960 102".to_owned()),
            cover: None,
        },
    )
    .await?;
    let harbour = add_team(
        tx,
        &Details {
            name: "Harbour team".to_owned(),
            hours: Some(hours(zone, "mon-fri 09:00-17:00")?),
            phone: Some("01632 960 101".to_owned()),
            cover: Some(lookout),
        },
    )
    .await?;
    add_codes(tx, harbour, now).await?;
    let mut staff_ids = Vec::new();
    for (email, name, role, team) in [
        (STAFF_EMAIL, "Priya", Role::Staff, harbour),
        (ADMIN_EMAIL, "Sam", Role::Admin, lookout),
    ] {
        let person = NewStaff {
            id: StaffId(Uuid::now_v7()),
            email: email.to_owned(),
            name: name.to_owned(),
            role,
            password: password.to_owned(),
            teams: vec![team],
        };
        staff::add(tx, &person, now).await?;
        staff_ids.push(person.id);
        if role == Role::Admin {
            safety::fill(tx, &person, now, &today).await?;
        }
    }
    if let [lead, backup] = staff_ids[..] {
        let group = GroupId(Uuid::now_v7());
        groups::fill(tx, group, lead, backup, now).await?;
        words::fill(tx, group, lead, now).await?;
        fill_opportunities(tx, (backup, now), zone, group).await?;
        changes::fill(tx, group, (lead, backup), now).await?;
        peers::fill(tx, lead, now).await?;
        experiences::fill(tx, harbour, lead, now).await?;
    }
    for line in help_lines::all(&today)? {
        publish::help_line(tx, HelpLineId(Uuid::now_v7()), &line).await?;
    }
    Ok(())
}

/// The code with which one is looked after by a team, and the one to look around with.
async fn add_codes(tx: &mut AnyConnection, harbour: TeamId, now: Millis) -> Result<(), Error> {
    for (shown, name, team) in [
        (HARBOUR_CODE, "Harbour team, everyone", Some(harbour)),
        (NO_TEAM_CODE, "To look around", None),
    ] {
        let code = NewCode {
            shown: shown.to_owned(),
            name: Some(name.to_owned()),
            team,
            ..NewCode::default()
        };
        join_codes::add(tx, &code, now).await?;
    }
    Ok(())
}

async fn fill_opportunities(
    tx: &mut AnyConnection,
    by: (StaffId, Millis),
    zone: &str,
    group: GroupId,
) -> Result<(), Error> {
    for (id, opportunity, sessions) in opportunities::all(by.1, zone, group)? {
        publish::opportunity(tx, id, &opportunity).await?;
        if let Some(agreement) = opportunity.more().and_then(|more| more.agreement) {
            edits::note_agreement(tx, id, &agreement, by).await?;
        }
        for session in &sessions {
            publish::new(tx, session).await?;
        }
    }
    Ok(())
}

async fn add_team(tx: &mut AnyConnection, details: &Details) -> Result<TeamId, Error> {
    let id = TeamId(Uuid::now_v7());
    let team = Team {
        name: details.name.clone(),
        hours: String::new(),
        next_read_at: None,
        phone: None,
        reads: Vec::new(),
        cover: None,
    };
    teams::add(tx, id, &team, clock::now_ms()).await?;
    teams::change(tx, id, details).await?;
    Ok(id)
}

fn hours(zone: &str, openings: &str) -> Result<Hours, Error> {
    let openings = parse_openings(openings);
    Ok(Hours {
        zone: zone.to_owned(),
        openings: openings.map_err(|problem| Error::Internal(problem.to_string()))?,
        closed: Vec::new(),
    })
}
