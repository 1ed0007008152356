//! What makes it easier for me: a part of My phone. What is kept for next time can be read, changed and deleted
//! here at any time, with no signal too, and so can what sign-ups say of it.

use crate::{
    domain::{
        command::Command,
        id::MemberId,
        needs::{KeepNeeds, Needs},
        record::{SignUp, kind},
        sign_up::SignUpState,
    },
    lang::{
        Text,
        en::{care, needs as words, sign_up, state},
    },
    ui::{
        Ui,
        el::{El, el},
        local::Sent,
        parts::{
            act::{ask, ask_then},
            button, card, field,
            form::{Fields, fill, form_of, keep_draft, restore_draft},
            heading,
            load::{Records, read, records},
            p, quiet_button, soft, unsent_card,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};

const FORM_ID: &str = "needs";
const FIELD: &str = "needs";
/// The draft's name.
const DRAFT: &str = "needs";

/// What is being done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Nothing,
    Writing,
    Deleting,
}

/// The part of the screen.
#[derive(Clone, Copy)]
pub(super) struct Part {
    ui: Ui,
    kept: Records,
    sign_ups: Records,
    doing: RwSignal<Doing>,
}

/// What is kept, with what waits laid over; none where nothing is, or the phone has not answered.
pub(super) fn kept_words(kept: Records) -> Option<String> {
    kept.with(|kept| {
        let kept = read::<Needs>(kept.as_deref().unwrap_or_default());
        kept.into_iter().find_map(|seen| seen.body.needs)
    })
}

impl Part {
    pub(super) fn load(ui: Ui) -> Self {
        Self {
            ui,
            kept: records(ui, kind::NEEDS),
            sign_ups: records(ui, kind::SIGN_UP),
            doing: RwSignal::new(Doing::Nothing),
        }
    }

    pub(super) fn draw(self, member: MemberId) -> El {
        let words = kept_words(self.kept);
        let waits = self.kept.with(|kept| {
            let mut kept = kept.iter().flatten();
            kept.any(|seen| matches!(seen.sent, Sent::NotYet(_) | Sent::Sending(_)))
        });
        let frame = if waits { unsent_card() } else { card() };
        let deleting = waits && words.is_none();
        let shown = match &words {
            Some(words) => p(words.clone()).class("typed"),
            None if deleting => p(words::DELETING),
            None => p(words::NOTHING),
        };
        let doing = self.doing.get();
        let said = self.is_said_in_sign_ups();
        el("div")
            .class("group")
            .with(heading(words::TITLE))
            .with(
                frame
                    .with(shown)
                    .when(waits.then(|| soft(state::NOT_YET)))
                    .with(soft(words::WHO))
                    .when((doing == Doing::Nothing).then(|| self.ways(words.clone(), said))),
            )
            .when(match doing {
                Doing::Writing => Some(self.form(member).key("writing")),
                Doing::Deleting => Some(self.ask_deletion(member, words.is_some(), said)),
                Doing::Nothing => None,
            })
    }

    /// Whether something that the person signed up for says it.
    fn is_said_in_sign_ups(self) -> bool {
        self.sign_ups.with(|records| {
            let mine = read::<SignUp>(records.as_deref().unwrap_or_default());
            mine.iter().any(|seen| {
                let has_ended = matches!(
                    seen.body.state,
                    SignUpState::Withdrawn | SignUpState::Cancelled
                );
                !has_ended && seen.body.access_needs.is_some()
            })
        })
    }

    fn ways(self, kept: Option<String>, said: bool) -> El {
        let Self { ui, doing, .. } = self;
        let write = if kept.is_some() {
            words::CHANGE
        } else {
            words::WRITE
        };
        let delete = match (kept.is_some(), said) {
            (true, _) => Some(words::DELETE),
            (false, true) => Some(words::TAKE_OUT),
            (false, false) => None,
        };
        el("div")
            .key("ways")
            .class("group")
            .with(quiet_button(write, move || {
                doing.set(Doing::Writing);
                let kept = kept.clone();
                restore_draft(ui, DRAFT.to_owned(), FORM_ID, move |form| {
                    let mut now = Fields::default();
                    now.put(FIELD, kept.as_deref());
                    fill(form, &now);
                });
            }))
            .when(delete.map(|delete| {
                quiet_button(delete, move || doing.set(Doing::Deleting)).key("delete")
            }))
    }

    fn form(self, member: MemberId) -> El {
        let Self { ui, doing, .. } = self;
        let typed = move |event: Event| {
            if let Some(form) = form_of(&event) {
                keep_draft(ui, DRAFT, &Fields::of(&form, &[FIELD]));
            }
        };
        let submit = move |event: Event| {
            event.prevent_default();
            let Some(form) = form_of(&event) else {
                return;
            };
            let said = match Fields::of(&form, &[FIELD]).get(FIELD) {
                Some(needs) => KeepNeeds::keep(member, needs),
                None => KeepNeeds::delete(member, false),
            };
            ask_then(
                ui,
                |phone| phone.send(Command::KeepNeeds(said), Some(DRAFT.to_owned())),
                move |_| doing.set(Doing::Nothing),
            );
        };
        el("form")
            .attr("method", "dialog")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .with(field::long(FIELD, sign_up::EASIER, "needs-watched"))
            .with(soft(sign_up::EASIER_WHY))
            .with(soft(words::KEEP_UNDER))
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .with(words::KEEP),
            )
            .with(button(care::NOT_NOW, move || doing.set(Doing::Nothing)))
            .on("input", typed)
            .on("submit", submit)
    }

    /// The one question before it goes: also from what the person signed up for, if that says it.
    fn ask_deletion(self, member: MemberId, kept: bool, said: bool) -> El {
        let Self { ui, doing, .. } = self;
        let done = move || doing.set(Doing::Nothing);
        let act = move |sign_ups| {
            done();
            let said = Command::KeepNeeds(KeepNeeds::delete(member, sign_ups));
            ask(ui, |phone| phone.send(said, None));
        };
        let [question, yes]: [Text; 2] = match (kept, said) {
            (true, false) => [words::DELETE_SURE, words::DELETE_YES],
            (true, true) => [words::DELETE_BOTH_SURE, words::DELETE_BOTH],
            (false, _) => [words::TAKE_OUT_SURE, words::TAKE_OUT_YES],
        };
        let only_here = (kept && said).then(|| button(words::DELETE_ONE, move || act(false)));
        el("div")
            .key("sure")
            .class("card outline")
            .attr("role", "group")
            .attr("aria-label", question)
            .with(p(question))
            .with(button(yes, move || act(said)))
            .when(only_here)
            .with(button(words::DELETE_NO, done))
    }
}
