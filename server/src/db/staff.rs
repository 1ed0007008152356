//! Staff accounts.

use crate::error::Error;
use app::{
    domain::id::{StaffId, TeamId},
    ui::local::Millis,
};
use sqlx::{AnyConnection, AnyPool, Row as _, any::AnyExecutor};
use std::{fmt::Display, str::FromStr};

/// What someone may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Acts on sign-ups and on the check-ins of their own teams.
    Staff,
    /// Also reads the audit log.
    Admin,
    /// Runs the involvement groups that they lead and what belongs to those, and sees nothing else (`db::reach`).
    Lead,
}

impl Role {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Admin => "admin",
            Self::Lead => "lead",
        }
    }

    /// From how it is stored. A word of a later version opens least.
    pub fn read(word: &str) -> Self {
        match word {
            "admin" => Self::Admin,
            "staff" => Self::Staff,
            _ => Self::Lead,
        }
    }

    /// Whether they may be of a team, and so read what is shared with it.
    pub fn has_teams(self) -> bool {
        self != Self::Lead
    }
}

/// Someone who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// The first name that members see.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// Someone new.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Their id.
    pub id: StaffId,
    /// How they sign in; any case.
    pub email: String,
    /// The first name that members see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Hashed by `staff::passwords`.
    pub password: String,
    /// The teams whose shared check-ins they read; a lead is of none.
    pub teams: Vec<TeamId>,
}

/// An address as it is stored and looked up.
pub fn tidy_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Adds someone.
///
/// # Errors
/// The address is taken, or what the database says.
pub async fn add(tx: &mut AnyConnection, new: &NewStaff, now: Millis) -> Result<(), Error> {
    sqlx::query(
        "insert into staff (id, email, name, role, password, made_at) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id.to_string())
    .bind(tidy_email(&new.email))
    .bind(&new.name)
    .bind(new.role.word())
    .bind(&new.password)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    join_teams(tx, new.id, new.role, &new.teams).await
}

/// Adds someone to these teams, if their role may be of any.
///
/// # Errors
/// There is no such team; what the database says.
pub async fn join_teams(
    tx: &mut AnyConnection,
    id: StaffId,
    role: Role,
    teams: &[TeamId],
) -> Result<(), Error> {
    for team in teams.iter().filter(|_| role.has_teams()) {
        sqlx::query("insert into staff_team (staff, team) values ($1, $2)")
            .bind(id.to_string())
            .bind(team.to_string())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// The id and the hashed password of who signs in with `email`, if they work here.
///
/// # Errors
/// What the database says.
pub async fn login(db: &AnyPool, email: &str) -> Result<Option<(StaffId, String)>, Error> {
    let row = sqlx::query("select id, password from staff where email = $1 and stopped_at is null")
        .bind(tidy_email(email))
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let id: String = row.try_get("id")?;
        Ok((parse(&id)?, row.try_get("password")?))
    })
    .transpose()
}

/// Someone who works here, by id.
///
/// # Errors
/// What the database says.
pub async fn find(db: impl AnyExecutor<'_>, id: StaffId) -> Result<Option<Staff>, Error> {
    let row = sqlx::query("select name, role from staff where id = $1 and stopped_at is null")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        let role: String = row.try_get("role")?;
        Ok(Staff {
            id,
            name: row.try_get("name")?,
            role: Role::read(&role),
        })
    })
    .transpose()
}

/// Whether nobody was ever added.
///
/// # Errors
/// What the database says.
pub async fn is_empty(db: impl AnyExecutor<'_>) -> Result<bool, Error> {
    let anyone: Option<String> = sqlx::query_scalar("select id from staff limit 1")
        .fetch_optional(db)
        .await?;
    Ok(anyone.is_none())
}

/// The teams that someone is of.
///
/// # Errors
/// What the database says.
pub async fn own_teams(db: impl AnyExecutor<'_>, staff: StaffId) -> Result<Vec<TeamId>, Error> {
    let teams: Vec<String> = sqlx::query_scalar("select team from staff_team where staff = $1")
        .bind(staff.to_string())
        .fetch_all(db)
        .await?;
    teams.iter().map(|team| parse(team)).collect()
}

/// The teams whose shared things someone reads: their own, and those that one of theirs covers for.
///
/// # Errors
/// What the database says.
pub async fn reads_for(db: impl AnyExecutor<'_>, staff: StaffId) -> Result<Vec<TeamId>, Error> {
    let teams: Vec<String> = sqlx::query_scalar(
        "select t.id from teams t where exists (select 1 from staff_team st \
         where st.staff = $1 and (st.team = t.id or st.team = t.cover))",
    )
    .bind(staff.to_string())
    .fetch_all(db)
    .await?;
    teams.iter().map(|team| parse(team)).collect()
}

/// Whether someone who works here reads what is shared with a team: of it, or of its cover.
///
/// # Errors
/// What the database says.
pub async fn reads(
    connection: &mut AnyConnection,
    staff: StaffId,
    team: TeamId,
) -> Result<bool, Error> {
    let found = sqlx::query(
        "select 1 from teams t join staff_team st on st.team = t.id or st.team = t.cover \
         join staff s on s.id = st.staff and s.stopped_at is null \
         where t.id = $2 and st.staff = $1",
    )
    .bind(staff.to_string())
    .bind(team.to_string())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Who reads what is shared with a team: id, first name, and their team's name, by name.
///
/// # Errors
/// What the database says.
pub async fn readers(
    db: impl AnyExecutor<'_>,
    team: TeamId,
) -> Result<Vec<(StaffId, String, String)>, Error> {
    let rows = sqlx::query(
        "select s.id, s.name, min(o.name) as team_name from teams t \
         join staff_team st on st.team = t.id or st.team = t.cover \
         join teams o on o.id = st.team \
         join staff s on s.id = st.staff and s.stopped_at is null \
         where t.id = $1 group by s.id, s.name order by s.name, s.id",
    )
    .bind(team.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = row.try_get("id")?;
            Ok((parse(&id)?, row.try_get("name")?, row.try_get("team_name")?))
        })
        .collect()
}

fn parse<T: FromStr<Err: Display>>(id: &str) -> Result<T, Error> {
    id.parse()
        .map_err(|problem| Error::Internal(format!("a stored id: {problem}")))
}
