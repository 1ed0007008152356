//! Sharing the plan with the team: a copy of it as it is now, which is theirs to read until it is taken back.

use super::{Screen, form::back_to_all};
use crate::{
    domain::{
        id::TeamId,
        my_plan::MyPlan,
        shared_plan::{self, CONSENT_VERSION, PlanState, SharePlan, SharedPlan},
        team::Team,
    },
    lang::en::{check_in as check_in_words, join, my_plan as words, state},
    order,
    ui::{
        el::{El, el},
        local::{Seen, Sent},
        pages::check_in::{self, who_reads},
        parts::{
            act::{ask, ask_then},
            button, card, field,
            form::{Fields, form_of},
            load::read,
            main_link, p, page as screen, quiet_button, soft, ticked, unsent_card,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};

impl Screen {
    /// How it stands, and sharing it as it is now.
    pub(super) fn share(self) -> El {
        let plan = self.now();
        let status = self.ui.local.status;
        let team = check_in::team(self.ui);
        let joined = status.with(|status| status.member.is_some());
        let knows = status.with(|status| status.last_synced_at.is_some());
        let stands = self.shared_now();
        let is_newer = stands
            .as_ref()
            .is_none_or(|seen| !seen.body.content().says_the_same(&plan.content()));
        let form = match (&team, plan.is_empty()) {
            _ if !joined => card()
                .with(p(words::SHARE_JOIN))
                .with(main_link("/join", join::TITLE)),
            (None, _) if !knows => card().key("unknown").with(p(words::SHARE_NOT_YET)),
            (None, _) => card().with(p(words::SHARE_NO_TEAM)),
            (Some(_), true) => card().with(p(words::SHARE_EMPTY)),
            (Some(_), false) if !is_newer => el("div").key("same"),
            (Some(team), false) => self.form(team, stands.is_some()),
        };
        screen(words::SHARE)
            .with(p(words::SHARE_INTRO))
            .with(soft(words::SHARE_LATER))
            .when(self.how_it_stands(stands, is_newer))
            .with(form)
            .with(back_to_all())
    }

    /// The plan that the team has, or will have; none where nothing is shared.
    pub(super) fn shared_now(self) -> Option<Seen<SharedPlan>> {
        let mut all = self.all_shared();
        all.retain(|seen| seen.body.stands());
        all.pop()
    }

    /// What was ever shared, oldest first; what has not come to the server is the newest.
    fn all_shared(self) -> Vec<Seen<SharedPlan>> {
        let mut all = self
            .shared
            .with(|records| read::<SharedPlan>(records.as_deref().unwrap_or_default()));
        order::by_key(&mut all, |seen| {
            let at = seen.body.received_at.clone();
            (at.is_none(), at)
        });
        all
    }

    /// Who sees it besides its person, for the top of the plan; none if nobody does.
    pub(super) fn shared_line(self) -> Option<El> {
        let seen = self.shared_now()?;
        Some(match self.ui.how_far(seen.sent) {
            Sent::NotYet(_) | Sent::Sending(_) => p(state::NOT_YET),
            _ => ticked(self.said(&seen.body)),
        })
    }

    fn team_name(self) -> String {
        let team = check_in::team(self.ui);
        team.map_or_else(|| words::SOME_TEAM.get().to_owned(), |(_, team)| team.name)
    }

    /// "Read by Priya, Monday 2pm", "Sent 2.02pm".
    fn said(self, record: &SharedPlan) -> String {
        let time = |at: &Option<String>| {
            at.as_deref()
                .map(|at| self.ui.say_time(at))
                .unwrap_or_default()
        };
        match (record.state, &record.seen_by) {
            (PlanState::Seen, Some(name)) => {
                words::SHARE_READ.fill(&[("name", name), ("time", &time(&record.seen_at))])
            }
            _ if record.received_at.is_none() => state::SENT.get().to_owned(),
            _ => words::SHARE_SENT.fill(&[("time", &time(&record.received_at))]),
        }
    }

    /// How far what was shared has come, and the way back.
    fn how_it_stands(self, stands: Option<Seen<SharedPlan>>, is_newer: bool) -> Option<El> {
        let Some(seen) = stands else {
            return self.all_shared().pop().map(|seen| self.taken_back(&seen));
        };
        let ui = self.ui;
        let team = self.team_name();
        let team = [("team", team.as_str())];
        let age = if is_newer {
            words::SHARE_NEWER
        } else {
            words::SHARE_SAME
        };
        let here = is_newer.then(|| self.use_here(&seen.body));
        Some(match ui.how_far(seen.sent) {
            Sent::NotYet(command) | Sent::Sending(command) => unsent_card()
                .key("waits")
                .with(p(crate::ui::progress::waiting_words(
                    &ui.how_far(seen.sent),
                )))
                .with(soft(words::SHARE_GOES.fill(&team)))
                .with(quiet_button(check_in_words::DONT_SEND, move || {
                    ask(ui, |phone| phone.dont_send(command));
                })),
            _ => {
                let all = self.all_shared().into_iter();
                let stands = all.filter(|seen| seen.body.stands());
                let back: Vec<_> = stands
                    .map(|seen| shared_plan::withdrawal(seen.id))
                    .collect();
                card()
                    .key("sent")
                    .with(ticked(self.said(&seen.body)))
                    .with(p(age.fill(&team)))
                    .with(button(words::SHARE_BACK, move || {
                        ask(ui, |phone| phone.send_all(back.clone(), None));
                    }))
                    .when(here)
            }
        })
    }

    /// A plan that was shared from another phone can be taken over here.
    fn use_here(self, record: &SharedPlan) -> El {
        let said = record.content();
        el("div")
            .class("group")
            .with(quiet_button(words::SHARE_HERE, move || {
                if let Some(phone) = self.ui.local.phone() {
                    let was = MyPlan::of_content(&said, || phone.new_id());
                    self.bring_back(&was);
                }
            }))
            .with(soft(words::SHARE_HERE_UNDER))
    }

    fn taken_back(self, seen: &Seen<SharedPlan>) -> El {
        let said = match (self.ui.how_far(seen.sent), &seen.body.seen_by) {
            (Sent::NotYet(_) | Sent::Sending(_) | Sent::TakingBack(_), _) => {
                state::UNSHARING.get().to_owned()
            }
            (_, Some(name)) => state::UNSHARED_SEEN.fill(&[("name", name)]),
            (_, None) => state::UNSHARED.get().to_owned(),
        };
        card().key("back").attr("role", "status").with(p(said))
    }

    /// All that is said and asked before it is shared (rule 6).
    fn form(self, (id, team): &(TeamId, Team), again: bool) -> El {
        let (ui, id, name) = (self.ui, *id, team.name.clone());
        let named = [("team", name.as_str())];
        let said = if again {
            words::SHARE_AGAIN.get().to_owned()
        } else {
            words::SHARE_SEND.fill(&named)
        };
        let consent = words::SHARE_CONSENT.fill(&named);
        let alert = el("div")
            .attr("role", "alert")
            .when(self.ask.get().map(|ask| p(ask).class("card outline")));
        el("form")
            .key("form")
            .attr("method", "dialog")
            .flag("novalidate", true)
            .with(
                el("div")
                    .class("sharing")
                    .with(who_reads(ui, team))
                    .with(soft(words::SHARE_ASKS))
                    .with(field::must_tick("consent", consent)),
            )
            .with(alert)
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .with(said),
            )
            .on("submit", move |event| self.submitted(&event, id, &name))
    }

    fn submitted(self, event: &Event, team: TeamId, name: &str) {
        event.prevent_default();
        let (Some(form), Some(phone)) = (form_of(event), self.ui.local.phone()) else {
            return;
        };
        if !Fields::of(&form, &["consent"]).is_ticked("consent") {
            let ask = words::SHARE_CONSENT_NEEDED.fill(&[("team", name)]);
            return self.ask.set(Some(ask));
        }
        let share = SharePlan {
            plan: phone.new_id(),
            team,
            content: self.plan.get_untracked().unwrap_or_default().content(),
            consent: CONSENT_VERSION,
        };
        let ask = self.ask;
        ask_then(
            self.ui,
            |phone| phone.send(share.into(), None),
            move |_| ask.set(None),
        );
    }
}
