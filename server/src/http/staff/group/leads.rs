//! Who looks after a group: accounts that lead it from the desk, and the backup. Members who lead it are named on
//! their own page in the group (`people`).

use super::{Page, Whole, back_to, held_up, load, show_problem};
use crate::{
    commands::group_desk::GroupAction,
    db::desk::groups::{self, Account},
    error::Error,
    http::staff::{desk::Desk, parts},
    state::App,
};
use app::{
    domain::{group::GroupState, id::StaffId},
    lang::en::groups as words,
};
use axum::{
    Form,
    extract::{Path, State},
};
use maud::{Markup, html};
use serde::Deserialize;

/// Who looks after it, and for those who may say so the forms.
///
/// # Errors
/// What the database says.
pub(super) async fn section(app: &App, whole: &Whole) -> Result<Markup, Error> {
    let mut reader = app.db.reader().await?;
    let accounts = groups::active_accounts(&mut reader).await?;
    let backups = groups::may_be_backup(&mut reader).await?;
    drop(reader);
    let may = whole.may_name;
    Ok(html! {
        section.card aria-labelledby="leads" id="looked-after" {
            h2 id="leads" { (words::LOOKED_AFTER.get()) }
            p.soft { (words::LOOKED_AFTER_WHY.get()) }
            h3 { (words::LEADS.get()) }
            (leads(whole))
            @if may { (give(whole, &accounts)) }
            @if whole.state() != GroupState::Draft && whole.reads { p.soft { (words::MEMBER_LEADS.get()) } }
            h3 { (words::BACKUP.get()) }
            p.soft { (words::BACKUP_WHY.get()) }
            (backup_of(whole.leading.backup.as_ref()))
            @if may { (name_backup(whole, &backups)) } @else { p.soft { (words::MAY_NOT_NAME.get()) } }
        }
    })
}

fn leads(whole: &Whole) -> Markup {
    let leading = &whole.leading;
    html! {
        @if leading.people.is_empty() && leading.accounts.is_empty() { p { (words::LEADS_NONE.get()) } }
        @for person in &leading.people {
            p { strong { (words::LEAD_MEMBER.fill(&[("who", parts::who(person.name.as_deref()))])) } }
        }
        @for account in &leading.accounts { (one_account(whole, account)) }
    }
}

fn one_account(whole: &Whole, account: &Account) -> Markup {
    let who = [("who", account.name.as_str())];
    let line = if account.is_active {
        words::LEAD_STAFF.fill(&who)
    } else {
        words::LEAD_STOPPED.fill(&who)
    };
    html! {
        form.phone-row method="post" action={ (whole.path()) "/leads" } {
            p { strong { (line) } }
            @if whole.may_name {
                input type="hidden" name="staff" value=(account.id);
                button.plain name="step" value="end" aria-label=(words::END_LEAD_OF.fill(&who)) { (words::END_LEAD.get()) }
            }
        }
    }
}

fn give(whole: &Whole, accounts: &[(StaffId, String)]) -> Markup {
    let leads = |id: &StaffId| whole.leading.accounts.iter().any(|lead| lead.id == *id);
    let others: Vec<_> = accounts.iter().filter(|(id, _)| !leads(id)).collect();
    html! {
        @if !others.is_empty() {
            form.stack method="post" action={ (whole.path()) "/leads" } {
                div.field {
                    label for="lead" { (words::WHOM_LEAD.get()) }
                    (select("lead", &others))
                }
                button.plain name="step" value="give" { (words::GIVE_LEAD.get()) }
            }
        }
    }
}

fn select(id: &str, accounts: &[&(StaffId, String)]) -> Markup {
    html! {
        select id=(id) name="staff" required {
            option value="" { (words::CHOOSE.get()) }
            @for (id, name) in accounts { option value=(id) { (name) } }
        }
    }
}

fn backup_of(backup: Option<&Account>) -> Markup {
    html! {
        p {
            strong {
                @match backup {
                    None => (words::BACKUP_NONE.get()),
                    Some(it) if it.is_active => (it.name),
                    Some(it) => (words::BACKUP_STOPPED.fill(&[("who", &it.name)])),
                }
            }
        }
    }
}

fn name_backup(whole: &Whole, accounts: &[(StaffId, String)]) -> Markup {
    let now = whole.row.backup;
    let others: Vec<_> = accounts.iter().filter(|(id, _)| Some(*id) != now).collect();
    html! {
        @if !others.is_empty() {
            form.stack method="post" action={ (whole.path()) "/backup" } {
                div.field {
                    label for="backup" { (words::WHOM_BACKUP.get()) }
                    (select("backup", &others))
                }
                button.plain { (words::NAME_BACKUP.get()) }
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Whom {
    #[serde(default)]
    staff: String,
    #[serde(default)]
    step: String,
}

impl Whom {
    fn staff(&self) -> Result<StaffId, Error> {
        self.staff.parse().map_err(|_| Error::NotFound)
    }
}

pub(super) async fn account(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(whom): Form<Whom>,
) -> Page {
    let leads = match whom.step.as_str() {
        "give" => true,
        "end" => false,
        _ => return Err(Error::Malformed.into()),
    };
    change(&app, &desk, &id, GroupAction::Account(whom.staff()?, leads)).await
}

pub(super) async fn backup(
    State(app): State<App>,
    desk: Desk,
    Path(id): Path<String>,
    Form(whom): Form<Whom>,
) -> Page {
    change(&app, &desk, &id, GroupAction::Backup(whom.staff()?)).await
}

async fn change(app: &App, desk: &Desk, id: &str, action: GroupAction) -> Page {
    let whole = load(app, desk, id).await?;
    let done = app.writer.group(desk.staff.id, whole.id(), action).await?;
    match held_up(&done) {
        None => Ok(back_to(whole.id(), "named")),
        Some(problem) => show_problem(app, desk, &whole, &problem).await,
    }
}
