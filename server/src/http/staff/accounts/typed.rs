//! What an admin fills in about an account: when inviting someone, and when changing it.

use super::super::{kept::Fields, parts};
use crate::db::{
    accounts::{Details, Line},
    staff::Role,
    teams::TeamRow,
};
use app::lang::{
    Text,
    en::{accounts as words, desk as desk_words},
};
use maud::{Markup, html};

/// The fields of an account that an admin fills in: when inviting, and when changing it.
pub fn fields(typed: &Typed, teams: &[TeamRow]) -> Markup {
    html! {
        div.field {
            label for="name" { (words::NAME.get()) }
            p.soft id="name-hint" { (desk_words::SET_UP_NAME_HINT.get()) }
            input id="name" name="name" autocomplete="off" required maxlength="200" aria-describedby="name-hint" value=(typed.name);
        }
        fieldset {
            legend { (words::ROLE.get()) }
            @for (value, name, hint) in ROLES {
                label.choice {
                    input type="radio" name="role" value=(value) required checked[typed.role == value];
                    span { (name.get()) ": " (hint.get()) }
                }
            }
        }
        fieldset aria-describedby="teams-hint" {
            legend { (desk_words::TEAMS.get()) }
            p.soft id="teams-hint" { (words::TEAMS_HINT.get()) }
            @for team in teams {
                label.tick {
                    input type="checkbox" name="team" value=(team.id) checked[typed.teams.contains(&team.id.to_string())];
                    span { (team.name) }
                }
            }
        }
    }
}

const ROLES: [(&str, Text, Text); 3] = [
    ("staff", words::ROLE_STAFF, words::ROLE_STAFF_HINT),
    ("admin", words::ROLE_ADMIN, words::ROLE_ADMIN_HINT),
    ("lead", words::ROLE_LEAD, words::ROLE_LEAD_HINT),
];

/// What was typed: as it was, so that it can be shown again.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub name: String,
    pub email: String,
    pub role: String,
    pub teams: Vec<String>,
}

impl Typed {
    /// From a form.
    pub fn read(pairs: Fields) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "name" => typed.name = value,
                "email" => typed.email = value,
                "role" => typed.role = value,
                "team" => typed.teams.push(value),
                _ => {}
            }
        }
        typed
    }

    /// As it stands.
    pub fn of(line: &Line) -> Self {
        Self {
            name: line.name.clone(),
            email: line.email.clone(),
            role: line.role.word().to_owned(),
            teams: line.teams.iter().map(|(id, _)| id.to_string()).collect(),
        }
    }

    /// Name, role and teams; or what is to be put right.
    pub fn details(&self, teams: &[TeamRow]) -> Result<Details, Text> {
        let name = parts::short(&self.name).ok_or(words::NEEDS_NAME)?;
        let role = match self.role.as_str() {
            "admin" => Role::Admin,
            "staff" => Role::Staff,
            "lead" => Role::Lead,
            _ => return Err(words::NEEDS_ROLE),
        };
        let chosen = |team: &&TeamRow| self.teams.contains(&team.id.to_string());
        let teams = teams.iter().filter(chosen).map(|team| team.id);
        // Words that were ticked before the role was changed mean nothing then.
        let teams = teams.filter(|_| role.has_teams()).collect();
        Ok(Details { name, role, teams })
    }
}
