//! "I'd like to talk to a peer": one question a page, each of them optional, then the answers to check. What is typed is
//! kept as it is typed, and it all works with no signal.

use crate::{
    domain::{
        command::Command,
        id::PeerAskId,
        peer::{Ask, Does},
    },
    lang::{
        Text,
        en::{self, check_in, contact as contact_words, peer as words, sign_up, state},
    },
    ui::{
        Ui,
        el::{El, el, live},
        navigation::{self, focus_heading, soon},
        parts::{
            act::ask_then,
            card, field,
            form::{Fields, form_by_id, form_of, keep_draft, restore_draft},
            heading, link,
            load::whenever,
            main_heading, main_link, p, quiet_button, soft,
        },
    },
};
use leptos::{prelude::*, web_sys::Event};
use std::cell::Cell;

const FORM_ID: &str = "peer-ask";
const DRAFT: &str = "peer_ask";
const FIELDS: [&str; 8] = [
    "about",
    "show_about",
    "suits",
    "contact_by",
    "contact_value",
    "safe_to_leave_message",
    "show_contact",
    "not_with",
];

/// One question a page, in this order; the last page shows the answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    About,
    Suits,
    Reach,
    NotWith,
    Check,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::About,
        Self::Suits,
        Self::Reach,
        Self::NotWith,
        Self::Check,
    ];

    /// The fragment of the address under which the step stands.
    fn fragment(self) -> &'static str {
        match self {
            Self::About => "#about",
            Self::Suits => "#when",
            Self::Reach => "#reach",
            Self::NotWith => "#not-with",
            Self::Check => "#check",
        }
    }

    fn question(self) -> Text {
        match self {
            Self::About => words::ABOUT,
            Self::Suits => words::SUITS,
            Self::Reach => contact_words::BY,
            Self::NotWith => words::NOT_WITH,
            Self::Check => sign_up::CHECK,
        }
    }
}

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    /// The answers, when they are shown to be checked.
    answers: RwSignal<Fields>,
    /// What is asked for before it can be sent.
    ask: RwSignal<Option<Text>>,
    /// Whether it was sent from here.
    made: RwSignal<bool>,
    /// Whether the draft was given back.
    given_back: RwSignal<bool>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        answers: RwSignal::new(Fields::default()),
        ask: RwSignal::new(None),
        made: RwSignal::new(false),
        given_back: RwSignal::new(false),
    };
    whenever(move || {
        if ui.open.get() && it.is_joined() && !it.given_back.get_untracked() {
            restore_draft(ui, DRAFT.to_owned(), FORM_ID, move |_| {
                it.given_back.set(true);
                it.read_answers();
            });
        }
    });
    let shown = Cell::new(false);
    whenever(move || {
        ui.fragment.track();
        if shown.replace(true) {
            it.read_answers();
            soon(|| navigation::begin_at(".step:not([hidden])"));
        }
    });
    el("div").with(live(move || it.draw()))
}

/// The form in which something that was refused can be changed and sent again: its draft's name, what stood in it, and
/// where it is.
pub(in super::super) fn again(it: &Ask) -> (String, Fields, String) {
    let yes = |ticked: bool| ticked.then_some("yes");
    let mut fields = Fields::default();
    fields.put("about", it.about.as_deref());
    fields.put("show_about", yes(it.show_about));
    fields.put("suits", it.suits.as_deref());
    fields.put_contact(it.contact.as_ref());
    fields.put("show_contact", yes(it.show_contact));
    fields.put("not_with", it.not_with.as_deref());
    (DRAFT.to_owned(), fields, "/peer/ask".to_owned())
}

impl Screen {
    fn is_joined(self) -> bool {
        self.ui.local.status.with(|status| status.member.is_some())
    }

    fn draw(self) -> El {
        let page = el("div").class("page");
        if self.made.get() {
            return page
                .key("done")
                .with(main_heading(words::DONE))
                .with(
                    el("div")
                        .class("card outline")
                        .attr("role", "status")
                        .with(p(words::DONE_UNDER)),
                )
                .with(main_link("/peer", words::TITLE));
        }
        let page = page.with(main_heading(words::ASK));
        if !self.ui.open.get() {
            return page.key("closed").with(soft(words::NEEDS_APP));
        }
        if !self.is_joined() {
            return page
                .key("join")
                .with(card().with(p(words::JOIN_FIRST)))
                .with(main_link("/join", en::join::TITLE));
        }
        page.key("form").with(self.form())
    }

    fn step(self) -> Step {
        let fragment = self.ui.fragment.get();
        let mut all = Step::ALL.into_iter();
        all.find(|step| step.fragment() == fragment)
            .unwrap_or(Step::About)
    }

    fn form(self) -> El {
        let now = self.step();
        let alert = el("div")
            .attr("role", "alert")
            .when(self.ask.get().map(|ask| p(ask).class("card outline")));
        let steps = Step::ALL
            .into_iter()
            .map(|step| self.step_box(step).flag("hidden", step != now));
        el("form")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .attr("method", "dialog")
            .with(el("div").class("steps-form").each(steps))
            .with(alert)
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .flag("hidden", now != Step::Check)
                    .with(words::SEND),
            )
            .on("input", move |event| {
                if let Some(form) = form_of(&event) {
                    keep_draft(self.ui, DRAFT, &Fields::of(&form, &FIELDS));
                }
            })
            .on("submit", move |event| self.submitted(&event))
    }

    /// One question with its fields, and the way on.
    fn step_box(self, step: Step) -> El {
        let place = Step::ALL.iter().position(|one| *one == step).unwrap_or(0);
        let counted = sign_up::STEP.fill(&[
            ("number", &(place + 1).to_string()),
            ("count", &(Step::ALL.len() - 1).to_string()),
        ]);
        let counted = (step != Step::Check).then(|| soft(counted).class("soft small"));
        let next = Step::ALL.get(place + 1).map(|next| {
            let next = next.fragment();
            el("button")
                .attr("type", "button")
                .class("button main")
                .with(sign_up::NEXT)
                .on("click", move |_| navigation::go(self.ui, next))
        });
        let back = (place > 0).then(|| quiet_button(en::frame::BACK, navigation::back));
        el("div")
            .class("step")
            .attr("tabindex", "-1")
            .when(counted)
            .with(self.question(step))
            .when(next)
            .when(back)
    }

    fn question(self, step: Step) -> El {
        match step {
            Step::About => el("div")
                .class("group")
                .with(field::long("about", words::ABOUT, "about-watched"))
                .with(soft(words::ABOUT_WHY))
                .with(field::tick("show_about", words::SHOW_ABOUT))
                .with(soft(words::SHOW_ABOUT_WHY)),
            Step::Suits => el("div")
                .class("group")
                .with(field::long("suits", words::SUITS, "suits-watched"))
                .with(soft(words::SUITS_WHY)),
            Step::Reach => el("div")
                .class("group")
                .with(field::contact(words::REACH_NOTE))
                .with(field::tick("show_contact", words::SHOW_CONTACT))
                .with(soft(words::SHOW_CONTACT_WHY)),
            Step::NotWith => el("div")
                .class("group")
                .with(field::long("not_with", words::NOT_WITH, "not-with-watched"))
                .with(soft(words::NOT_WITH_WHY)),
            Step::Check => self.check(),
        }
    }

    /// The answers, each with a way to change it, and who reads them.
    fn check(self) -> El {
        let answers = self.answers.get();
        let rows = Step::ALL.into_iter().filter(|step| *step != Step::Check);
        let rows = rows.map(|step| {
            let said = answer(step, &answers);
            let named = sign_up::CHANGE_WHAT.fill(&[("question", step.question().get())]);
            el("div")
                .class("answer")
                .with(el("dt").with(step.question()))
                .with(el("dd").with(said.unwrap_or(sign_up::NO_ANSWER.get().to_owned())))
                .with(
                    el("dd").with(
                        link(step.fragment(), sign_up::CHANGE)
                            .class("small")
                            .attr("aria-label", named),
                    ),
                )
        });
        el("div")
            .class("group")
            .with(heading(sign_up::CHECK))
            .with(el("dl").class("card answers").each(rows))
            .with(p(words::WHO_READS))
            .with(soft(check_in::IF_HURT))
            .with(soft(sign_up::CHECK_UNDER))
    }

    fn read_answers(self) {
        if let Some(form) = form_by_id(FORM_ID) {
            self.answers.set(Fields::of(&form, &FIELDS));
        }
    }

    fn submitted(self, event: &Event) {
        event.prevent_default();
        let now = untrack(|| self.step());
        let place = Step::ALL.iter().position(|one| *one == now).unwrap_or(0);
        if let Some(next) = Step::ALL.get(place + 1) {
            // Enter was pressed in a field: on to the next question, not off with it all.
            return navigation::go(self.ui, next.fragment());
        }
        let (Some(form), Some(phone)) = (form_of(event), self.ui.local.phone()) else {
            return;
        };
        let fields = Fields::of(&form, &FIELDS);
        let Some(ask) = read_ask(&fields, PeerAskId(phone.new_id())) else {
            self.ask.set(Some(contact_words::VALUE_NEEDED));
            return navigation::go(self.ui, Step::Reach.fragment());
        };
        let command = Command::from(Does::Ask(Box::new(ask)));
        ask_then(
            self.ui,
            |phone| phone.send(command, Some(DRAFT.to_owned())),
            move |_| {
                self.made.set(true);
                soon(focus_heading);
            },
        );
    }
}

/// What the form says; none where a way to be reached has no number.
fn read_ask(fields: &Fields, ask: PeerAskId) -> Option<Ask> {
    let contact = fields.contact().ok()?;
    let about = fields.get("about");
    Some(Ask {
        ask,
        show_about: about.is_some() && fields.is_ticked("show_about"),
        about,
        suits: fields.get("suits"),
        not_with: fields.get("not_with"),
        show_contact: contact.is_some() && fields.is_ticked("show_contact"),
        contact,
    })
}

/// What was answered, in the words of the form.
fn answer(step: Step, answers: &Fields) -> Option<String> {
    let with = |said: String, ticked: bool, shown: Text, hidden: Text| {
        let under = if ticked { shown } else { hidden };
        [&said, "\n", under.get()].concat()
    };
    match step {
        Step::About => Some(with(
            answers.get("about")?,
            answers.is_ticked("show_about"),
            words::ABOUT_SHOWN,
            words::ABOUT_HIDDEN,
        )),
        Step::Suits => answers.get("suits"),
        Step::Reach => {
            let contact = answers.contact().ok()??;
            let said = contact.value;
            let ticked = answers.is_ticked("show_contact");
            Some(with(said, ticked, words::REACH_SHOWN, words::REACH_HIDDEN))
        }
        Step::NotWith => Some(with(
            answers.get("not_with")?,
            true,
            words::SAID_APART,
            state::NOT_YET,
        )),
        Step::Check => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields(pairs.iter().map(owned).collect())
    }

    const ID: PeerAskId = PeerAskId(Uuid::from_u128(3));

    #[test]
    fn nothing_at_all_is_an_ask_and_a_tick_for_nothing_is_none() {
        let only_ticks = fields(&[("show_about", "yes"), ("show_contact", "yes")]);
        let ask = read_ask(&only_ticks, ID).unwrap();
        assert_eq!((ask.about, ask.contact), (None, None));
        assert!(!ask.show_about && !ask.show_contact);
        let no_number = fields(&[("contact_by", "text")]);
        assert_eq!(read_ask(&no_number, ID), None);
    }

    #[test]
    fn what_came_back_stands_in_the_form_as_it_was() {
        let typed = fields(&[
            ("about", "Nights"),
            ("show_about", "yes"),
            ("suits", "Evenings"),
            ("contact_by", "phone"),
            ("contact_value", "07700 900123"),
            ("not_with", "My cousin"),
        ]);
        let ask = read_ask(&typed, ID).unwrap();
        let (_, fields, _) = again(&ask);
        assert_eq!(read_ask(&fields, ID), Some(ask));
        let said = answer(Step::About, &fields).unwrap();
        assert!(said.ends_with(words::ABOUT_SHOWN.get()));
    }
}
