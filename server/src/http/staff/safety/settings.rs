//! What admins set: the procedure, the lead and the deputy, who reads safety records, and that someone
//! has checked it all today. Naming themselves is in the audit log like naming anyone else.

use super::write::signed_out;
use crate::{
    clock,
    commands::safety::{self, NewSettings, Saved},
    db::safety::settings::{self, Checked, Person, Procedure, Settings},
    error::Error,
    http::staff::{
        desk::{Admin, Desk, Way},
        fault::Fault,
        when::say_date,
    },
    state::App,
};
use app::{
    domain::{id::StaffId, text},
    lang::{Text, en::safety as words},
};
use axum::{
    Form, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeSet;

/// `/safety/settings`.
pub fn router() -> Router<App> {
    Router::new().route("/safety/settings", get(ask).post(save))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    done: String,
}

/// What was typed, as names and values: `reader` comes once for each person.
struct Typed(Vec<(String, String)>);

impl Typed {
    fn of(it: &Settings, readers: &[(StaffId, String)]) -> Self {
        let Procedure {
            steps,
            lead,
            deputy,
        } = it.procedure.clone();
        let pairs = [
            ("version", Some(it.version.to_string())),
            ("steps", Some(steps)),
            ("lead_name", lead.name),
            ("lead_phone", lead.phone),
            ("deputy_name", deputy.name),
            ("deputy_phone", deputy.phone),
        ];
        let owned = |(name, value): (&str, Option<String>)| Some((name.to_owned(), value?));
        let readers = readers.iter();
        let readers = readers.map(|(id, _)| ("reader".to_owned(), id.to_string()));
        Self(pairs.into_iter().filter_map(owned).chain(readers).collect())
    }

    fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }

    fn short(&self, name: &str) -> Option<String> {
        text::tidy(Some(self.get(name).to_owned()))
    }

    fn has_reader(&self, id: StaffId) -> bool {
        let id = id.to_string();
        let mut all = self.0.iter();
        all.any(|(name, value)| name == "reader" && *value == id)
    }

    fn readers(&self) -> BTreeSet<StaffId> {
        let readers = self.0.iter().filter(|(name, _)| name == "reader");
        readers.filter_map(|(_, id)| id.parse().ok()).collect()
    }

    fn procedure(&self) -> Result<Procedure, Text> {
        let steps = text::tidy(Some(self.get("steps").to_owned()));
        let person = |name, phone| Person {
            name: self.short(name),
            phone: self.short(phone),
        };
        let short = ["lead_name", "lead_phone", "deputy_name", "deputy_phone"];
        let fits = text::fits(Some(self.get("steps")), STEPS_LONGEST)
            && short
                .iter()
                .all(|name| text::fits(Some(self.get(name)), text::SHORT));
        if !fits {
            return Err(words::TOO_LONG);
        }
        Ok(Procedure {
            steps: steps.ok_or(words::STEPS_MISSING)?,
            lead: person("lead_name", "lead_phone"),
            deputy: person("deputy_name", "deputy_phone"),
        })
    }
}

/// A procedure is longer than what people write in a form.
const STEPS_LONGEST: usize = 4 * text::LONG;

async fn ask(
    State(app): State<App>,
    Admin(desk): Admin,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let now = super::guide::load(&app).await?;
    let readers = settings::readers(&app.db.pool).await?;
    let said = (asked.done == "saved").then(|| {
        html! {
            p.notice role="status" { (words::SAVED.get()) }
        }
    });
    let typed = Typed::of(&now, &readers);
    Ok(page(&app, &desk, &typed, said).await?)
}

async fn save(
    State(app): State<App>,
    admin: Result<Admin, Fault>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let mut typed = Typed(pairs);
    let desk = match admin {
        Err(Fault::SignIn(_)) => return Ok(signed_out(&app, &only_what_was_sent(&typed))),
        admin => admin?.0,
    };
    let procedure = match typed.procedure() {
        Ok(procedure) => procedure,
        Err(why) => {
            let why = why.fill(&[("most", &STEPS_LONGEST.to_string())]);
            return again(&app, &desk, &typed, &why).await;
        }
    };
    let checked = (!typed.get("checked").is_empty()).then(|| Checked {
        on: desk.clock.today(),
        by: desk.staff.name.clone(),
    });
    let new = NewSettings {
        over: typed.get("version").parse().unwrap_or_default(),
        by: desk.staff.id,
        procedure,
        checked,
        readers: typed.readers(),
    };
    let saved = app
        .writer
        .run(move |tx| Box::pin(safety::save(tx, clock::now_ms(), new)))
        .await?;
    match saved {
        Saved::Saved => Ok(Redirect::to("/staff/safety/settings?done=saved").into_response()),
        Saved::ChangedMeanwhile(version) => {
            // Saving again, knowing that, puts it in the other's place.
            typed.0.retain(|(name, _)| name != "version");
            typed.0.push(("version".to_owned(), version.to_string()));
            again(&app, &desk, &typed, words::CHANGED_MEANWHILE.get()).await
        }
    }
}

async fn again(app: &App, desk: &Desk, typed: &Typed, why: &str) -> Result<Response, Fault> {
    let problem = html! { p.problem role="alert" { (why) } };
    let page = page(app, desk, typed, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// For someone who was signed out meanwhile: who works here is not shown to them.
fn only_what_was_sent(typed: &Typed) -> Markup {
    let rest = typed.0.iter().filter(|(name, _)| name != "steps");
    html! {
        p.problem role="alert" { (words::SIGNED_OUT.get()) }
        form.stack method="post" action="/staff/safety/settings" {
            @for (name, value) in rest { input type="hidden" name=(name) value=(value); }
            div.field {
                label for="steps" { (words::STEPS.get()) }
                textarea.tall id="steps" name="steps" { "\n" (typed.get("steps")) }
            }
            button { (words::SAVE.get()) }
        }
    }
}

async fn page(
    app: &App,
    desk: &Desk,
    typed: &Typed,
    said: Option<Markup>,
) -> Result<Response, Error> {
    let now = super::guide::load(app).await?;
    let staff = settings::staff(&app.db.pool).await?;
    let main = html! {
        h1 { (words::SETTINGS.get()) }
        p.soft { (words::SETTINGS_WHY.get()) }
        @if let Some(said) = said { (said) }
        p.soft {
            @match &now.checked {
                Some(checked) => (words::CHECKED_ON.fill(&[("day", &say_date(&checked.on)), ("who", &checked.by)])),
                None => (words::NEVER_CHECKED.get()),
            }
            " " a href="/staff/safety/new" { (words::SEE_PAGE.get()) }
        }
        form.stack.card method="post" action="/staff/safety/settings" {
            input type="hidden" name="version" value=(typed.get("version"));
            div.field {
                label for="steps" { (words::STEPS.get()) }
                p.soft id="steps-hint" { (words::STEPS_HINT.get()) }
                textarea.tall id="steps" name="steps" aria-describedby="steps-hint" { "\n" (typed.get("steps")) }
            }
            (person(typed, words::LEAD, "lead"))
            (person(typed, words::DEPUTY, "deputy"))
            (readers(typed, &staff))
            div.field {
                label.tick {
                    input type="checkbox" name="checked" value="yes" aria-describedby="checked-hint";
                    span { (words::CHECK_TODAY.get()) }
                }
                p.soft id="checked-hint" { (words::CHECK_TODAY_HINT.get()) }
            }
            button { (words::SAVE.get()) }
        }
        (history(app, desk).await?)
    };
    desk.page(Way::SafetySettings, words::SETTINGS.get(), false, &main)
        .await
}

fn person(typed: &Typed, role: Text, word: &str) -> Markup {
    let [name, phone] = [format!("{word}_name"), format!("{word}_phone")];
    html! {
        fieldset {
            legend { (role.get()) }
            div.field {
                label for=(name) { (words::NAME.get()) }
                input id=(name) name=(name) maxlength=(text::SHORT) value=(typed.get(&name));
            }
            div.field {
                label for=(phone) { (words::PHONE.get()) }
                input id=(phone) name=(phone) type="tel" maxlength=(text::SHORT) value=(typed.get(&phone));
            }
        }
    }
}

fn readers(typed: &Typed, staff: &[(StaffId, String, String)]) -> Markup {
    html! {
        fieldset aria-describedby="readers-hint" {
            legend { (words::READERS.get()) }
            p.soft id="readers-hint" { (words::READERS_HINT.get()) }
            @for (id, name, email) in staff {
                label.tick {
                    input type="checkbox" name="reader" value=(id) checked[typed.has_reader(*id)];
                    span { (name) " " span.soft { (email) } }
                }
            }
        }
    }
}

async fn history(app: &App, desk: &Desk) -> Result<Markup, Error> {
    let versions = settings::history(&app.db.pool).await?;
    let nobody = app::lang::en::desk::NOBODY_YET.get();
    Ok(html! {
        @if !versions.is_empty() {
            section aria-labelledby="earlier" {
                h2 id="earlier" { (words::EARLIER.get()) }
                ul {
                    @for it in &versions {
                        li { (words::EARLIER_LINE.fill(&[
                            ("when", &desk.clock.say(it.at)),
                            ("who", it.who.as_deref().unwrap_or("–")),
                            ("lead", it.lead.as_deref().unwrap_or(nobody)),
                        ])) }
                    }
                }
            }
        }
    })
}
