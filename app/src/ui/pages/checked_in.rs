//! After a check-in: before anything else the truth about who knows, and after Hard or Very hard,
//! Help now, large (rule 9).

use crate::{
    domain::{
        check_in::{CheckInState, Feeling},
        id::{CheckInId, CommandId},
        record::{CheckIn, kind},
    },
    lang::en::check_in as words,
    ui::{
        Ui,
        el::{El, el, live},
        local::{Link, Sent},
        parts::{
            act::ask,
            card, help_large, icon,
            load::{Records, read, records},
            main_heading, p, quiet_button, second_link, soft, unsent_card,
        },
        progress,
    },
};
use leptos::prelude::*;

/// What was kept, and as what it was shared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// How things were.
    pub(crate) feeling: Option<Feeling>,
    /// The shared check-in; none for "Only me".
    pub(crate) shared_as: Option<CheckInId>,
}

/// The screen.
pub(crate) fn screen(ui: Ui, kept: Kept) -> El {
    let shared = records(ui, kind::CHECK_IN);
    let hard = kept.feeling.is_some_and(Feeling::needs_help_first);
    let heading_words = if hard {
        words::THANK_YOU
    } else {
        words::THANKS
    };
    el("div")
        .class("page")
        .with(live(move || {
            let team = super::check_in::team(ui);
            let sent = kept
                .shared_as
                .and_then(|id| how_far(shared, id))
                .map(|sent| ui.how_far(sent));
            let no_signal = ui.local.status.with(|status| status.link == Link::NoSignal);
            let reads = ui.reads(team.as_ref().map(|(_, team)| team));
            let settled = !matches!(sent, Some(Sent::NotYet(_) | Sent::Sending(_)));
            truth(
                progress::who_knows(sent.as_ref(), no_signal, &reads),
                settled,
            )
        }))
        .with(main_heading(heading_words))
        .with(soft(words::NOTHING_NEXT))
        .when(hard.then(help_large))
        .with(live(move || match kept.shared_as {
            Some(id) => on_its_way(ui, how_far(shared, id).as_ref()),
            None => card().with(p(words::SHARE_LATER)),
        }))
        .with(second_link("/check-ins", words::SEE_ALL))
        .with(second_link("/", words::TO_TODAY))
        .with(live(move || super::pin::question(ui)))
}

/// After a plain form was taken: the page is the server's, so it has it.
pub(crate) fn sent_plain(ui: Ui) -> El {
    let team = super::check_in::team(ui);
    let reads = ui.reads(team.as_ref().map(|(_, team)| team));
    el("div")
        .class("page")
        .with(truth(progress::team_reads(&reads), true))
        .with(main_heading(words::THANK_YOU))
        .with(soft(words::NOTHING_NEXT))
        .with(help_large())
        .with(second_link("/", words::TO_TODAY))
}

/// The first thing said: who knows. With a tick where nothing waits any more.
fn truth(line: String, settled: bool) -> El {
    let picture = if settled { icon::TICK } else { icon::NOTE };
    el("div")
        .class("card outline truth")
        .attr("role", "status")
        .with(icon::icon(picture))
        .with(p(line))
}

/// How far a shared check-in has come; none once it was taken back.
fn how_far(shared: Records, id: CheckInId) -> Option<Sent> {
    shared.with(|records| {
        let Some(records) = records else {
            // The phone has not said yet: nothing is called sent before it does.
            return Some(Sent::NotYet(CommandId(id.0)));
        };
        let mut found = read::<CheckIn>(records).into_iter();
        let seen = found.find(|seen| seen.id == id.0)?;
        let gone = seen.body.state == CheckInState::Withdrawn && seen.sent == Sent::OnServer;
        (!gone).then_some(seen.sent)
    })
}

/// Where it goes, and "Don't send" while that is still free.
fn on_its_way(ui: Ui, sent: Option<&Sent>) -> El {
    let team = super::check_in::team(ui);
    let name = team.map(|(_, team)| team.name).unwrap_or_default();
    match sent {
        Some(&Sent::NotYet(command) | &Sent::Sending(command)) => unsent_card()
            .with(p(words::GOES_TO.fill(&[("team", &name)])))
            .with(quiet_button(words::DONT_SEND, move || {
                ask(ui, |phone| phone.dont_send(command));
            })),
        None | Some(Sent::TakingBack(_)) => card().with(p(words::SHARE_LATER)),
        Some(Sent::Answered | Sent::OnServer) => {
            card().with(p(words::WENT_TO.fill(&[("team", &name)])))
        }
    }
}
