//! What this person said about a phrase: how far it has come, what was decided and why, beside their own words, and the
//! free way back.

use super::{Screen, View, group_name, is_waiting, stands, typed};
use crate::{
    domain::{
        command::Command,
        id::SuggestionId,
        words::suggestion::{Decision, Outcome, Says, Suggestion, SuggestionState},
    },
    lang::{
        Text,
        en::{check_in, our_words as words, state},
    },
    ui::{
        el::{El, el},
        local::{Seen, Sent},
        parts::{act::ask, card, p, quiet_button, soft, ticked, unsent_card},
        when,
    },
};

/// Whether it is shown: what is taken back is gone once the server has that.
pub(super) fn is_shown(seen: &Seen<Suggestion>) -> bool {
    seen.body.state != SuggestionState::Withdrawn || matches!(seen.sent, Sent::TakingBack(_))
}

/// What was decided, in words.
pub(in super::super) fn outcome(it: Outcome) -> Text {
    match it {
        Outcome::Changed => words::OUTCOME_CHANGED,
        Outcome::Partly => words::OUTCOME_PARTLY,
        Outcome::NotChanged => words::OUTCOME_NOT_CHANGED,
        Outcome::Merged => words::OUTCOME_MERGED,
    }
}

/// A decision: what, why, who took part, the new words, and when it is looked at again.
pub(super) fn decision(it: &Decision) -> El {
    let day = it.look_again.as_deref().map(when::date);
    let line = |line: Text, said: &str| typed(line.fill(&[("words", said)]));
    el("div")
        .class("group said")
        .with(ticked(outcome(it.outcome)))
        .with(line(words::WHY_IS, &it.reason))
        .when(it.words.as_deref().map(|said| line(words::NEW_WORDS, said)))
        .with(line(words::TOOK_PART, &it.took_part).class("soft typed"))
        .when(day.map(|day| soft(words::LOOK_AGAIN.fill(&[("day", &day)]))))
}

/// What was said, each part under its name.
pub(super) fn said(
    feels: Option<&String>,
    instead: Option<&String>,
    why: Option<&String>,
) -> [Option<El>; 3] {
    let parts = [
        (words::SAID_FEELS, feels),
        (words::SAID_INSTEAD, instead),
        (words::SAID_WHY, why),
    ];
    parts.map(|(name, said)| {
        let said = said?.clone();
        Some(
            el("div")
                .with(soft(name).class("soft small"))
                .with(typed(said)),
        )
    })
}

/// The phrase as it was read, where it is not so any more.
pub(super) fn was(view: &View, phrase: crate::domain::id::PhraseId, was: &str) -> Option<El> {
    view.other_now(phrase, was).then(|| {
        el("div")
            .with(soft(words::WAS).class("soft small"))
            .with(typed(was.to_owned()).class("typed said"))
    })
}

/// One thing that this person said.
pub(super) fn one(it: Screen, view: &View, seen: &Seen<Suggestion>) -> El {
    let one = &seen.body;
    let waits = is_waiting(seen.sent);
    let frame = if waits { unsent_card() } else { card() };
    let [feels, instead, why] = said(one.feels.as_ref(), one.instead.as_ref(), one.why.as_ref());
    let old = one.was.as_deref();
    frame
        .key(seen.id.to_string())
        .with(el("h3").with(words::YOU_SAID))
        .when(old.and_then(|old| was(view, one.phrase, old)))
        .when(feels)
        .when(instead)
        .when(why)
        .with(p(line(it, view, seen)))
        .when(one.decision.as_ref().map(decision))
        .when(one.after.as_ref().map(|_| soft(words::AFTER)))
        .when(one.after.as_ref().map(decision))
        .with(way_back(it, seen))
}

/// How far it has come, in a line.
fn line(it: Screen, view: &View, seen: &Seen<Suggestion>) -> String {
    match seen.sent {
        Sent::NotYet(_) | Sent::Sending(_) => return state::NOT_YET.get().to_owned(),
        Sent::TakingBack(_) => return words::TAKING_BACK.get().to_owned(),
        Sent::Answered | Sent::OnServer => {}
    }
    let time = seen.body.received_at.as_deref();
    let sent = time.map_or_else(
        || state::SENT.get().to_owned(),
        |at| state::SENT_AT.fill(&[("time", &it.ui.say_time(at))]),
    );
    let group = group_name(it, view.document.group);
    let stands = stands(seen.body.state, group.as_deref());
    [&sent, ". ", &stands].concat()
}

/// "Don't send" while nothing has arrived for sure; else taking it back, at any time.
fn way_back(it: Screen, seen: &Seen<Suggestion>) -> El {
    let (ui, id) = (it.ui, SuggestionId(seen.id));
    match seen.sent {
        Sent::NotYet(command) | Sent::Sending(command) => {
            quiet_button(check_in::DONT_SEND, move || {
                ask(ui, |phone| phone.dont_send(command));
            })
            .key("dont-send")
        }
        Sent::TakingBack(_) => el("div").key("none"),
        Sent::Answered | Sent::OnServer => quiet_button(words::TAKE_BACK, move || {
            let back = Command::from(Says::Withdraw(id));
            ask(ui, |phone| phone.send(back, None));
        })
        .key("take-back"),
    }
}
