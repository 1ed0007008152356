//! What to do and whom to ring: what stands first on every page where somebody is worried.

use crate::{
    db::safety::settings::{self, Person, Settings},
    error::Error,
    http::staff::when::say_date,
    safety,
    state::App,
};
use app::lang::{Text, en::safety as words};
use maud::{Markup, html};

/// The newest settings, or what stands until there are any.
///
/// # Errors
/// What the database says.
pub async fn load(app: &App) -> Result<Settings, Error> {
    let newest = settings::newest(&app.db.pool).await?;
    Ok(newest.unwrap_or_else(safety::built_in))
}

/// The procedure, the lead and the deputy with their numbers, and when someone checked them.
pub fn guide(it: &Settings) -> Markup {
    let Settings {
        procedure, checked, ..
    } = it;
    html! {
        section.card.ring aria-labelledby="what-to-do" {
            h2 id="what-to-do" { (words::WHAT_TO_DO.get()) }
            @for paragraph in safety::paragraphs(&procedure.steps) {
                p.said { (paragraph) }
            }
            dl.facts {
                (person(words::LEAD, &procedure.lead))
                (person(words::DEPUTY, &procedure.deputy))
            }
            p.soft {
                @match checked {
                    Some(checked) => (words::CHECKED_ON.fill(&[("day", &say_date(&checked.on)), ("who", &checked.by)])),
                    None => (words::NEVER_CHECKED.get()),
                }
                @if it.version == 0 { " " (words::BUILT_IN.get()) }
            }
        }
    }
}

fn person(role: Text, person: &Person) -> Markup {
    let name = person.name.as_deref().unwrap_or(role.get());
    html! {
        dt { (role.get()) }
        dd {
            @match (&person.name, &person.phone) {
                (_, Some(phone)) => a.button.plain href={ "tel:" (dialled(phone)) } {
                    (words::RING.fill(&[("name", name), ("phone", phone)]))
                },
                (Some(name), None) => (words::NO_NUMBER.fill(&[("name", name)])),
                (None, None) => strong { (words::NOBODY_NAMED.get()) },
            }
        }
    }
}

/// The digits of a number as it was written, with a leading plus: what a phone dials.
fn dialled(phone: &str) -> String {
    let plus = if phone.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    format!("{plus}{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_without_what_was_written_around_it() {
        assert_eq!(dialled("01632 960 200"), "01632960200");
        assert_eq!(dialled("+44 (1632) 960200"), "+441632960200");
    }
}
