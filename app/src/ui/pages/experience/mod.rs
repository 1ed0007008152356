//! Your experience: what this person told us and how far each has come, one of them, and telling another. All of it with
//! or without signal.

mod one;
mod story;
mod tell;

use crate::{
    domain::{
        care::{self, CareState},
        experience::{Experience, LinkState, MayUse, Stage},
        record::kind,
    },
    lang::{
        Text,
        en::{experience as words, join, state, take_part},
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{Seen, Sent},
        pages::check_in,
        parts::{
            act::ask,
            card, heading, link,
            load::{Loaded, Records, load, read, records},
            main_link, p, page as screen, quiet_button, second_link, soft, unsent_card,
        },
        progress,
    },
};
use leptos::prelude::*;
pub(super) use one::answer_again;
pub(crate) use one::page as one;
pub(super) use tell::again;
pub(crate) use tell::page as tell;
use uuid::Uuid;

/// The name of the draft of what is being told.
const DRAFT: &str = "experience";

/// The address of one.
pub(super) fn path(id: Uuid) -> String {
    ["/your-experience/", &id.to_string()].concat()
}

/// The list.
pub(crate) fn list(ui: Ui) -> El {
    let mine = records(ui, kind::EXPERIENCE);
    let draft = load(ui, |phone| phone.draft(DRAFT));
    screen(words::TITLE)
        .with(p(words::INTRO))
        .with(live(move || begin(ui, draft)))
        .with(live(move || told(ui, mine)))
        .with(second_link("/stories", words::STORIES))
        .with(soft(words::STORIES_UNDER))
        .with(second_link("/take-part", take_part::SEE_ALL))
}

/// The way to tell something, or to go on with what was begun.
fn begin(ui: Ui, draft: Loaded<Option<crate::ui::local::Draft>>) -> El {
    let frame = el("div").class("group");
    if !ui.open.get() {
        return frame.key("closed").with(soft(words::COMES_WITH_APP));
    }
    if ui.local.status.with(|status| status.member.is_none()) {
        return frame
            .key("nobody")
            .with(p(words::JOIN_FIRST))
            .with(main_link("/join", join::TITLE));
    }
    if draft.with(|draft| matches!(draft, Some(Some(_)))) {
        let begun = unsent_card()
            .with(p(words::BEGUN))
            .with(main_link("/your-experience/new", words::GO_ON))
            .with(quiet_button(words::BEGUN_GONE, move || {
                ask(ui, |phone| phone.delete_draft(DRAFT));
            }));
        return frame.key("begun").with(begun);
    }
    frame
        .key("begin")
        .with(main_link("/your-experience/new", words::BEGIN))
}

/// What this person told, newest first.
fn told(ui: Ui, mine: Records) -> El {
    let all = all(mine);
    let none = all.is_empty() && mine.with(Option::is_some);
    let lines: Vec<El> = all.iter().map(|seen| item(ui, seen)).collect();
    el("section")
        .class("group")
        .when((!all.is_empty()).then(|| heading(words::MINE)))
        .when(none.then(|| soft(words::NONE)))
        .with(el("ul").class("cards").each(lines))
}

fn all(mine: Records) -> Vec<Seen<Experience>> {
    let mut all = mine.with(|all| read::<Experience>(all.as_deref().unwrap_or_default()));
    order::by_key(&mut all, |seen| {
        let at = seen.body.received_at.clone();
        (at.is_none(), at, seen.id)
    });
    all.reverse();
    all
}

fn item(ui: Ui, seen: &Seen<Experience>) -> El {
    let frame = if waits(seen) { unsent_card() } else { card() };
    let it = &seen.body;
    let says = it.good.as_deref().or(it.different.as_deref());
    let says = says.map(|says| crate::domain::change::brief(says, 90));
    el("li").key(seen.id.to_string()).with(
        frame
            .when(
                it.stage
                    .map(|stage| el("p").class("tag").with(stage_name(stage))),
            )
            .with(
                el("h3").with(
                    link(path(seen.id), says.unwrap_or(words::ONE.get().to_owned()))
                        .attr("dir", "auto"),
                ),
            )
            .when(steps(ui, seen).pop().map(soft)),
    )
}

/// Whether it has not come to the server yet.
fn waits(seen: &Seen<Experience>) -> bool {
    seen.body.received_at.is_none() && matches!(seen.sent, Sent::NotYet(_) | Sent::Sending(_))
}

/// Each step that it went through, oldest first; the last is where it stands. What waits of something that has come is
/// said beside it.
fn steps(ui: Ui, seen: &Seen<Experience>) -> Vec<String> {
    let it = &seen.body;
    let say = |at: &str| ui.say_time(at);
    let is_gone = it.state == CareState::Withdrawn;
    let only = match (ui.how_far(seen.sent), &it.seen_by) {
        (Sent::TakingBack(_), _) => Some(words::TAKING_BACK.get().to_owned()),
        (_, Some(name)) if is_gone => Some(words::TAKEN_BACK_SEEN.fill(&[("name", name)])),
        _ if is_gone => Some(words::TAKEN_BACK.get().to_owned()),
        (Sent::NotYet(_), _) if it.received_at.is_none() => Some(state::NOT_YET.get().to_owned()),
        (Sent::Sending(_), _) if it.received_at.is_none() => Some(state::SENDING.get().to_owned()),
        _ => None,
    };
    if let Some(only) = only {
        return vec![only];
    }
    let sent = it.received_at.as_deref();
    let sent = sent.map(|at| state::SENT_AT.fill(&[("time", &say(at))]));
    let mut steps = vec![sent.unwrap_or_else(|| state::SENT.get().to_owned())];
    if it.passed_at.is_some() && it.seen_by.is_none() {
        let team = check_in::team(ui).map(|(_, team)| team);
        steps.push(progress::nobody_opened(team.as_ref()));
    }
    let named = |text: Text, name: &String| text.fill(&[("name", name)]);
    steps.extend(it.seen_by.as_ref().map(|name| named(state::SEEN, name)));
    let owner = it.taken_on_by.as_ref();
    steps.extend(owner.map(|name| named(words::LOOKING, name)));
    if care::is_answered(&it.messages) {
        steps.push(words::REPLY.get().to_owned());
    }
    if let Some(link) = &it.link {
        steps.push(came_to(link.state).get().to_owned());
    }
    if let Some(at) = &it.closed_at {
        steps.push(words::FINISHED.fill(&[("time", &say(at))]));
    }
    steps
}

/// What it came to; its own words say more.
pub(super) fn came_to(it: LinkState) -> Text {
    match it {
        LinkState::Planned => words::PLANNED,
        LinkState::Made => words::MADE,
        LinkState::NotPossible => words::NOT_POSSIBLE,
    }
}

/// The name of a stage.
pub(super) fn stage_name(it: Stage) -> Text {
    match it {
        Stage::Hospital => words::STAGE_HOSPITAL,
        Stage::EarlyIntervention => words::STAGE_EARLY_INTERVENTION,
        Stage::CrisisCare => words::STAGE_CRISIS_CARE,
        Stage::Community => words::STAGE_COMMUNITY,
        Stage::Housing => words::STAGE_HOUSING,
        Stage::Other => words::STAGE_OTHER,
    }
}

/// How it may be used, in words.
fn use_name(it: MayUse) -> Text {
    match it {
        MayUse::OnlyImprove => words::USE_ONLY_IMPROVE,
        MayUse::TrainingUnnamed => words::USE_TRAINING_UNNAMED,
        MayUse::PublicUnnamed => words::USE_PUBLIC_UNNAMED,
        MayUse::PublicNamed => words::USE_PUBLIC_NAMED,
    }
}

/// Somebody's words, in their own direction and with their own line ends.
fn typed(words: impl Into<crate::ui::el::Child>) -> El {
    p(words).class("typed").attr("dir", "auto")
}

/// For an id that is not, or not yet, known here.
fn gone(ui: Ui) -> El {
    let says = if ui.open.get() {
        words::GONE
    } else {
        words::COMES_WITH_APP
    };
    screen(words::ONE)
        .key("gone")
        .with(p(says))
        .with(second_link("/your-experience", words::ALL))
}

/// That something waits on this phone, and "Don't send": once it may have arrived, that is for what can be taken back.
fn waiting(ui: Ui, sent: Sent, says: Text, can_be_taken_back: bool) -> Option<El> {
    let (command, undoes) = match sent {
        Sent::NotYet(command) => (command, true),
        Sent::Sending(command) => (command, can_be_taken_back),
        _ => return None,
    };
    let undo = undoes.then(|| {
        quiet_button(crate::lang::en::check_in::DONT_SEND, move || {
            ask(ui, |phone| phone.dont_send(command));
        })
    });
    Some(unsent_card().key("waits").with(p(says)).when(undo))
}
