//! Sign up for a session. Without script it is one plain page; with the app it asks one question a
//! page, then shows the answers to check. All questions stand in one form either way, so nothing that
//! was typed depends on which.

use super::{
    needs::kept_words,
    opportunity::{room_name, typed},
    take_part::sessions_of,
};
use crate::{
    domain::{
        command::Command,
        id::{OpportunityId, SessionId, SignUpId},
        needs::KeepNeeds,
        opportunity::{Agreement, Opportunity, Session, Thanks},
        record::{SignUp, kind},
        sign_up::RequestSignUp,
    },
    lang::{
        Text,
        en::{self, contact as contact_words, sign_up as words},
    },
    ui::{
        Ui,
        el::{El, Words, el, live},
        local::{PageData, Seen, Sent},
        navigation::{self, focus_heading, soon},
        parts::{
            act::ask_then,
            card, field,
            form::{Fields, fill, form_by_id, form_of, keep_draft, restore_draft},
            load::{Programme, Records, read, records, whenever},
            main_heading, main_link, p, second_link, soft, steps,
        },
        progress, when,
    },
};
use leptos::{prelude::*, web_sys::Event};
use std::cell::Cell;
use uuid::Uuid;

const FORM_ID: &str = "sign-up";
const FIELDS: [&str; 12] = [
    "session",
    "agreement",
    "contact_by",
    "contact_value",
    "safe_to_leave_message",
    "needs_again",
    "access_needs",
    "access_needs_consent",
    "keep_needs",
    "travel_first",
    "thanks",
    "note",
];

/// One question a page, in this order; the last page shows the answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Which,
    Agree,
    Reach,
    Easier,
    Travel,
    Thanks,
    Note,
    Check,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Which,
        Self::Agree,
        Self::Reach,
        Self::Easier,
        Self::Travel,
        Self::Thanks,
        Self::Note,
        Self::Check,
    ];

    /// The fragment of the address under which the step stands.
    fn fragment(self) -> &'static str {
        match self {
            Self::Which => "#which",
            Self::Agree => "#agree",
            Self::Reach => "#reach",
            Self::Easier => "#easier",
            Self::Travel => "#travel",
            Self::Thanks => "#thanks",
            Self::Note => "#note",
            Self::Check => "#check",
        }
    }

    fn question(self) -> Text {
        match self {
            Self::Which => words::WHICH,
            Self::Agree => words::AGREE,
            Self::Reach => contact_words::BY,
            Self::Easier => words::EASIER,
            Self::Travel => words::TRAVEL,
            Self::Thanks => words::THANKS,
            Self::Note => words::NOTE,
            Self::Check => words::CHECK,
        }
    }
}

/// What the opportunity has people asked.
#[derive(Clone)]
struct Asks {
    sessions: Vec<(Uuid, Session)>,
    /// What is to be agreed to, and was not yet.
    agreement: Option<Agreement>,
    /// The version that was agreed to before, for another day of the same.
    agreed: Option<u32>,
    travel: bool,
    /// The thank-you and how it may touch benefits, where the person chooses how much of it they take.
    thanks: Option<String>,
    /// What is kept of what makes it easier.
    kept: Option<String>,
}

impl Asks {
    fn steps(&self) -> Vec<Step> {
        let asked = |step: &Step| match step {
            Step::Which => self.sessions.len() != 1,
            Step::Agree => self.agreement.is_some(),
            Step::Travel => self.travel,
            Step::Thanks => self.thanks.is_some(),
            _ => true,
        };
        Step::ALL.into_iter().filter(asked).collect()
    }
}

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    opportunity: Uuid,
    programme: Programme,
    sign_ups: Records,
    /// What is kept of what makes it easier.
    kept: Records,
    /// The answers, when they are shown to be checked.
    answers: RwSignal<Fields>,
    /// What is asked for before it can be sent.
    ask: RwSignal<Option<Text>>,
    /// The sign-up that was made.
    made: RwSignal<Option<SignUpId>>,
    /// Whether the draft was given back.
    given_back: RwSignal<bool>,
}

/// The screen.
pub(crate) fn page(ui: Ui, id: OpportunityId) -> El {
    let it = Screen {
        ui,
        opportunity: id.0,
        programme: Programme::load(ui),
        sign_ups: records(ui, kind::SIGN_UP),
        kept: records(ui, kind::NEEDS),
        answers: RwSignal::new(Fields::default()),
        ask: RwSignal::new(None),
        made: RwSignal::new(None),
        given_back: RwSignal::new(false),
    };
    if ui
        .local
        .page
        .with_value(|page| page.form_done.as_deref() == Some("sign_up"))
    {
        return sent_plain();
    }
    whenever(move || {
        // Once, and only when the questions stand: with no signal they come after the app has opened.
        if ui.open.get() && it.asks() && !it.given_back.get_untracked() {
            it.take_over();
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

impl Screen {
    fn draft_name(self) -> String {
        ["sign_up/", &self.opportunity.to_string()].concat()
    }

    fn is_joined(self) -> bool {
        self.ui.local.page.with_value(|page| page.joined)
            || self.ui.local.status.with(|status| status.member.is_some())
    }

    /// Whether there are questions to answer.
    fn asks(self) -> bool {
        self.programme.opportunity(self.opportunity).is_some()
            && self.is_joined()
            && self.kept.with(Option::is_some)
            && !self.sessions().is_empty()
    }

    fn draw(self) -> El {
        if let Some(made) = self.made.get() {
            return self.done(made).key("done");
        }
        let Some(one) = self.programme.opportunity(self.opportunity) else {
            return super::opportunity::gone();
        };
        let joined = self.is_joined();
        let screen = el("div")
            .class("page")
            .key(if joined { "form" } else { "join" })
            .with(soft(one.title.clone()))
            .with(main_heading(words::HEADING));
        let sessions = self.sessions();
        if !joined {
            return screen.with(
                card()
                    .with(p(words::JOIN_FIRST))
                    .with(main_link("/join", en::join::TITLE)),
            );
        }
        if sessions.is_empty() {
            return screen.key("none").with(
                card()
                    .with(p(words::NO_DAYS))
                    .with(main_link("/my-sign-ups", en::sign_ups::TITLE)),
            );
        }
        let page = self.ui.local.page.get_value();
        let asks = self.asked(&one, sessions);
        screen.with(self.form(&asks, &page).filled(&page.form_values))
    }

    fn asked(self, one: &Opportunity, sessions: Vec<(Uuid, Session)>) -> Asks {
        let more = one.more();
        let travel = more.as_ref().is_none_or(|more| more.travel_first);
        let more = more.unwrap_or_default();
        let thanks = [&one.thank_you, &more.benefits].into_iter().flatten();
        let thanks: Vec<&str> = thanks.map(String::as_str).collect();
        let newest = more.agreement.as_ref().map(|it| it.version);
        let agreed = newest.filter(|newest| self.has_agreed(*newest));
        Asks {
            sessions,
            agreement: more.agreement.filter(|_| agreed.is_none()),
            agreed,
            travel,
            thanks: more.choose_thanks.then(|| thanks.join("\n\n")),
            kept: kept_words(self.kept),
        }
    }

    /// Whether this person agreed to that version before, for another day of the same.
    fn has_agreed(self, version: u32) -> bool {
        let all = self.programme.sessions();
        let here = |id: SessionId| {
            let mut days = all.iter();
            days.any(|(day, it)| *day == id.0 && it.opportunity.0 == self.opportunity)
        };
        self.sign_ups.with(|records| {
            let mine = read::<SignUp>(records.as_deref().unwrap_or_default());
            mine.iter().any(|seen| {
                seen.body.agreement == Some(version) && seen.body.session.is_some_and(here)
            })
        })
    }

    fn asks_now(self) -> Option<Asks> {
        let one = self.programme.opportunity(self.opportunity)?;
        Some(self.asked(&one, self.sessions()))
    }

    /// The sessions that can be asked for: to come, and not asked for yet.
    fn sessions(self) -> Vec<(Uuid, Session)> {
        let all = self.programme.sessions();
        let mine = self.sign_ups.with(|records| {
            let mine = read::<SignUp>(records.as_deref().unwrap_or_default());
            let standing = mine.into_iter().filter(stands);
            standing
                .filter_map(|seen| seen.body.session)
                .collect::<Vec<_>>()
        });
        sessions_of(self.opportunity, &all)
            .filter(|(id, _)| !mine.contains(&SessionId(*id)))
            .cloned()
            .collect()
    }

    /// The step of the address; none without the app, where all questions stand on one page.
    fn step(self, steps: &[Step]) -> Option<Step> {
        if !self.ui.open.get() {
            return None;
        }
        let fragment = self.ui.fragment.get();
        let found = steps.iter().find(|step| step.fragment() == fragment);
        found.or(steps.first()).copied()
    }

    /// The step after the one that stands alone; none where the form can be sent.
    fn next(self) -> Option<Step> {
        let steps = self.asks_now()?.steps();
        let now = self.step(&steps)?;
        let place = steps.iter().position(|step| *step == now)?;
        steps.get(place + 1).copied()
    }

    fn form(self, asks: &Asks, page: &PageData) -> El {
        let steps = asks.steps();
        let now = self.step(&steps);
        let ask = self.ask.get().map(|ask| ask.get().to_owned());
        let ask = ask.or(page.form_problem.clone());
        let alert = el("div")
            .attr("role", "alert")
            .when(ask.map(|ask| p(ask).class("card outline")));
        let drawn = Step::ALL.into_iter().map(|step| {
            let there = steps.contains(&step) && (now.is_none() || now == Some(step));
            self.step_box(step, &steps, now.is_some(), asks)
                .flag("hidden", !there || (now.is_none() && step == Step::Check))
        });
        let address = ["/take-part/", &self.opportunity.to_string(), "/sign-up"].concat();
        let last = now.is_none_or(|step| step == Step::Check);
        el("form")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .attr("method", "post")
            .attr("action", address)
            .with(field::hidden(
                "form_id",
                page.form_id.map(|id| id.to_string()).unwrap_or_default(),
            ))
            .with(el("div").class("steps-form").each(drawn))
            .with(alert)
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .flag("hidden", !last)
                    .with(words::SEND),
            )
            .on("input", move |event| {
                if let Some(form) = form_of(&event) {
                    keep_draft(self.ui, &self.draft_name(), &Fields::of(&form, &FIELDS));
                }
            })
            .on("submit", move |event| self.submitted(&event))
    }

    /// One question with its fields, and the way on when it stands alone.
    fn step_box(self, step: Step, steps: &[Step], alone: bool, asks: &Asks) -> El {
        let number = steps.iter().position(|one| *one == step).unwrap_or(0);
        let place = alone.then(|| steps::Place {
            number,
            count: steps.len() - 1,
            next: steps.get(number + 1).map(|next| next.fragment()),
        });
        steps::step(self.ui, place, self.question(step, asks))
    }

    fn question(self, step: Step, asks: &Asks) -> El {
        match step {
            Step::Which => which(&asks.sessions),
            Step::Agree => agree(asks),
            Step::Reach => field::contact(words::REACH_NOTE),
            Step::Easier => easier(asks.kept.as_deref()),
            Step::Travel if !asks.travel => el("div"),
            Step::Travel => field::choices(words::TRAVEL, Some(words::TRAVEL_WHY))
                .with(field::tick("travel_first", words::TRAVEL_YES)),
            Step::Thanks => thanks(asks),
            Step::Note => el("div")
                .class("group")
                .with(field::long("note", words::NOTE, "note-watched"))
                .with(soft(words::NOTE_WHY)),
            Step::Check => self.check(asks),
        }
    }

    /// The answers, each with a way to change it.
    fn check(self, asks: &Asks) -> El {
        let answers = self.answers.get();
        let rows = asks.steps().into_iter();
        let rows = rows.filter(|step| *step != Step::Check).map(|step| {
            let answer = answer(step, &answers, asks);
            let none = match step {
                Step::Agree => words::AGREE_NO,
                _ => words::NO_ANSWER,
            };
            let answer = answer.unwrap_or(none.get().to_owned());
            steps::answered(step.question(), step.fragment(), answer)
        });
        steps::check(rows)
    }

    fn read_answers(self) {
        if let Some(form) = form_by_id(FORM_ID) {
            self.answers.set(Fields::of(&form, &FIELDS));
        }
    }

    /// The app has opened: gives the draft back, and picks the day that the link named.
    fn take_over(self) {
        let wanted = navigation::query("session");
        restore_draft(self.ui, self.draft_name(), FORM_ID, move |form| {
            self.given_back.set(true);
            if let Some(wanted) = &wanted {
                fill(form, &Fields(vec![("session".to_owned(), wanted.clone())]));
            }
            // Typed before there was something to choose: it is something different, and is shown.
            let typed = Fields::of(form, &FIELDS);
            if typed.get("access_needs").is_some() && typed.get("needs_again").is_none() {
                let other = ("needs_again".to_owned(), "other".to_owned());
                fill(form, &Fields(vec![other]));
            }
            self.read_answers();
        });
    }

    fn submitted(self, event: &Event) {
        event.prevent_default();
        if let Some(next) = untrack(|| self.next()) {
            // Enter was pressed in a field: on to the next question, not off with it all.
            navigation::go(self.ui, next.fragment());
            return;
        }
        let (Some(form), Some(phone)) = (form_of(event), self.ui.local.phone()) else {
            return;
        };
        let sign_up = SignUpId(phone.new_id());
        let Some(asks) = untrack(|| self.asks_now()) else {
            return;
        };
        let fields = Fields::of(&form, &FIELDS);
        let request = match request(&fields, sign_up, &asks) {
            Ok(request) => request,
            Err((step, ask)) => {
                self.ask.set(Some(ask));
                navigation::go(self.ui, step.fragment());
                return;
            }
        };
        let member = (self.ui.local.status).with_untracked(|status| status.member);
        let keep = to_keep(&fields).zip(member);
        let keep = keep.map(|(needs, member)| Command::KeepNeeds(KeepNeeds::keep(member, needs)));
        let commands = keep.into_iter().chain([Command::RequestSignUp(request)]);
        let (commands, form) = (commands.collect(), Some(self.draft_name()));
        ask_then(
            self.ui,
            |phone| phone.send_all(commands, form),
            move |_| {
                self.made.set(Some(sign_up));
                soon(focus_heading);
            },
        );
    }

    fn done(self, made: SignUpId) -> El {
        let line = self.sign_ups.with(|records| {
            let mine = read::<SignUp>(records.as_deref().unwrap_or_default());
            let seen = mine.into_iter().find(|seen| seen.id == made.0);
            let (one, sent) = seen.map(|seen| (seen.body, seen.sent))?;
            Some(progress::sign_up_line(
                &one,
                &self.ui.how_far(sent),
                &|at| self.ui.say_time(at),
            ))
        });
        // Until the phone has said more: kept, and no more than that.
        let line = line.unwrap_or_else(|| en::state::NOT_YET_NO_PLACE.get().to_owned());
        done(line).with(super::pin::question(self.ui))
    }
}

/// The days to choose from; with one alone there is nothing to choose.
fn which(sessions: &[(Uuid, Session)]) -> El {
    match sessions {
        [(only, _)] => el("div").with(field::hidden("session", only.to_string())),
        many => field::choices(words::WHICH, None).each(many.iter().map(|(id, session)| {
            let about = el("span")
                .with(el("strong").with(when::session_time(session)))
                .with(Words::Borrowed(" "))
                .with(el("span").class("soft").with(when::session_place(session)))
                .with(Words::Borrowed(". "))
                .with(el("span").class("soft").with(room_name(session.room)));
            field::choice("session", id.to_string(), about)
        })),
    }
}

/// What is to be agreed to, and the box that says so with the version that is shown. What was agreed to before is
/// not asked again.
fn agree(asks: &Asks) -> El {
    let Some(it) = &asks.agreement else {
        let agreed = asks.agreed.map(|version| version.to_string());
        return el("div")
            .key("agreed")
            .when(agreed.map(|version| field::hidden("agreement", version)));
    };
    let version = it.version.to_string();
    field::choices(words::AGREE, Some(words::AGREE_WHY))
        .with(card().with(typed(it.text.clone())))
        .with(field::tick_as("agreement", version, words::AGREE_YES))
}

/// Asked in full the first time. After that what was kept is offered, and nothing is picked beforehand; who runs it
/// differs from time to time, so that is asked anew.
fn easier(kept: Option<&str>) -> El {
    const AGAIN: [(&str, Text); 3] = [
        ("same", words::AGAIN_SAME),
        ("other", words::AGAIN_OTHER),
        ("none", words::AGAIN_NONE),
    ];
    let again = kept.map(|kept| {
        let ways = AGAIN.map(|(value, way)| field::choice("needs_again", value, way));
        field::choices(words::AGAIN, None)
            .key("again")
            .with(soft(words::AGAIN_KEPT))
            .with(p(kept.to_owned()).class("typed said"))
            .each(ways)
    });
    let (ask, keep) = match kept {
        Some(_) => (words::EASIER_OTHER, words::KEEP_OTHER),
        None => (words::EASIER, words::KEEP),
    };
    el("div")
        .class("group")
        .when(again)
        .with(
            el("div")
                .key("differs")
                .class("group differs")
                .with(field::long("access_needs", ask, "easier-watched"))
                .with(soft(words::EASIER_WHY)),
        )
        .with(
            el("div")
                .key("tells")
                .class("group tells")
                .with(field::tick("access_needs_consent", words::EASIER_CONSENT))
                .with(soft(words::EASIER_UNTOLD)),
        )
        .with(
            el("div")
                .key("keep")
                .class("group differs")
                .with(field::tick("keep_needs", keep))
                .with(soft(words::KEEP_WHY)),
        )
}

/// What makes it easier this time. Words that were typed count where none of the choices was picked, so that none are
/// lost which were typed before there was something to choose.
fn needs_of(fields: &Fields, kept: Option<&str>) -> Option<String> {
    match fields.get("needs_again").as_deref() {
        Some("same") => kept.map(str::to_owned),
        Some("none") => None,
        _ => fields.get("access_needs"),
    }
}

/// What is to be kept for next time: new words, with a yes to that.
fn to_keep(fields: &Fields) -> Option<String> {
    let is_new = !matches!(fields.get("needs_again").as_deref(), Some("same" | "none"));
    let needs = fields.get("access_needs")?;
    (is_new && fields.is_ticked("keep_needs")).then_some(needs)
}

fn thanks(asks: &Asks) -> El {
    const WAYS: [(&str, Text); 4] = [
        ("full", words::THANKS_ALL),
        ("less", words::THANKS_LESS),
        ("none", words::THANKS_NONE),
        ("", words::THANKS_LATER),
    ];
    let Some(about) = &asks.thanks else {
        return el("div");
    };
    let ways = WAYS.map(|(value, way)| field::choice("thanks", value, way));
    field::choices(words::THANKS, None)
        .with(typed(about.clone()).class("soft typed"))
        .each(ways)
}

/// What was answered, in the words of the form.
fn answer(step: Step, answers: &Fields, asks: &Asks) -> Option<String> {
    match step {
        Step::Which => {
            let picked: Uuid = answers.get("session")?.parse().ok()?;
            let (_, session) = asks.sessions.iter().find(|(id, _)| *id == picked)?;
            Some(when::session_time(session))
        }
        Step::Reach => {
            let way = match answers.get("contact_by")?.as_str() {
                "phone" => contact_words::PHONE,
                "text" => contact_words::TEXT,
                "email" => contact_words::EMAIL,
                _ => contact_words::WORKER,
            };
            let value = answers.get("contact_value").unwrap_or_default();
            let safe = answers.is_ticked("safe_to_leave_message");
            let safe = safe.then(|| contact_words::SAFE.get().to_owned());
            let all = [Some(way.get().to_owned()), Some(value), safe];
            Some(all.into_iter().flatten().collect::<Vec<_>>().join(". "))
        }
        Step::Agree => answers
            .get("agreement")
            .map(|_| words::AGREE_YES.get().to_owned()),
        Step::Easier => {
            let needs = needs_of(answers, asks.kept.as_deref())?;
            let told = if answers.is_ticked("access_needs_consent") {
                words::EASIER_IS_TOLD
            } else {
                words::EASIER_NOT_TOLD
            };
            Some(told.fill(&[("needs", &needs)]))
        }
        Step::Thanks => {
            let how = match Thanks::of_word(&answers.get("thanks")?)? {
                Thanks::Full => words::THANKS_ALL,
                Thanks::Less => words::THANKS_LESS,
                Thanks::Nothing => words::THANKS_NONE,
            };
            Some(how.get().to_owned())
        }
        Step::Travel => {
            let ticked = answers.is_ticked("travel_first");
            ticked.then(|| words::TRAVEL_YES.get().to_owned())
        }
        Step::Note => answers.get("note"),
        Step::Check => None,
    }
}

/// What the form asks for; an error says at which question something is missing.
fn request(fields: &Fields, sign_up: SignUpId, asks: &Asks) -> Result<RequestSignUp, (Step, Text)> {
    let session = fields.get("session").and_then(|id| id.parse().ok());
    let session = SessionId(session.ok_or((Step::Which, words::WHICH_NEEDED))?);
    let agreement = fields.get("agreement").and_then(|it| it.parse().ok());
    if asks.agreement.is_some() && agreement.is_none() {
        return Err((Step::Agree, words::AGREE_NEEDED));
    }
    let thanks = fields.get("thanks");
    let needs = needs_of(fields, asks.kept.as_deref());
    Ok(RequestSignUp {
        sign_up,
        session,
        contact: fields
            .contact()
            .map_err(|_| (Step::Reach, contact_words::VALUE_NEEDED))?,
        access_needs_consent: needs.is_some() && fields.is_ticked("access_needs_consent"),
        access_needs: needs,
        travel_first: fields.is_ticked("travel_first"),
        note: fields.get("note"),
        agreement,
        thanks: thanks.and_then(|word| Thanks::of_word(&word)),
    })
}

/// The form as it stood when `request` was sent: to change it and send it again.
pub(super) fn fields_of(request: &RequestSignUp) -> Fields {
    let yes = |ticked: bool| ticked.then_some("yes");
    let mut fields = Fields::default();
    fields.put("session", Some(&request.session.to_string()));
    fields.put_contact(request.contact.as_ref());
    fields.put("access_needs", request.access_needs.as_deref());
    fields.put("access_needs_consent", yes(request.access_needs_consent));
    fields.put("travel_first", yes(request.travel_first));
    fields.put("thanks", request.thanks.map(Thanks::word));
    fields.put("note", request.note.as_deref());
    fields
}

/// After the form was taken as plain HTML: the page is the server's, so it has it.
fn sent_plain() -> El {
    done(words::DONE_PLAIN.get().to_owned())
}

fn done(line: String) -> El {
    el("div")
        .class("page")
        .with(main_heading(words::DONE))
        .with(
            el("div")
                .class("card outline")
                .attr("role", "status")
                .with(p(line)),
        )
        .with(p(words::DONE_UNDER))
        .with(main_link("/my-sign-ups", en::sign_ups::TITLE))
        .with(second_link("/take-part", en::take_part::SEE_ALL))
}

/// Whether a sign-up still stands.
pub(super) fn stands(seen: &Seen<SignUp>) -> bool {
    seen.body.state.is_active() && !matches!(seen.sent, Sent::TakingBack(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields(pairs.iter().map(owned).collect())
    }

    fn asks(kept: Option<&str>, to_agree: bool) -> Asks {
        Asks {
            sessions: Vec::new(),
            agreement: to_agree.then(|| Agreement {
                version: 1,
                text: "Be kind.".into(),
            }),
            agreed: None,
            travel: true,
            thanks: None,
            kept: kept.map(str::to_owned),
        }
    }

    #[test]
    fn only_the_day_is_needed() {
        let id = Uuid::from_u128(3);
        let only = fields(&[("session", &id.to_string())]);
        let asked = request(&only, SignUpId(id), &asks(None, false));
        let asked = asked.map_err(|(_, ask)| ask).unwrap();
        assert_eq!(asked.session.0, id);
        assert_eq!(asked.contact, None);
        assert!(!asked.travel_first);
    }

    #[test]
    fn a_missing_day_and_a_missing_number_are_asked_where_they_belong() {
        let id = SignUpId(Uuid::from_u128(3));
        let (step, _) = request(&fields(&[]), id, &asks(None, true)).unwrap_err();
        assert!(step == Step::Which);
        let day = Uuid::from_u128(4).to_string();
        let (step, _) = request(&fields(&[("session", &day)]), id, &asks(None, true)).unwrap_err();
        assert!(step == Step::Agree);
        let reach = fields(&[
            ("session", &day),
            ("agreement", "2"),
            ("contact_by", "text"),
        ]);
        let (step, ask) = request(&reach, id, &asks(None, true)).unwrap_err();
        assert!(step == Step::Reach);
        assert_eq!(ask, contact_words::VALUE_NEEDED);
    }

    #[test]
    fn answers_are_shown_in_the_words_of_the_form() {
        let typed = fields(&[
            ("contact_by", "text"),
            ("contact_value", "07700 900001"),
            ("travel_first", "yes"),
        ]);
        let reach = answer(Step::Reach, &typed, &asks(None, false)).unwrap();
        assert_eq!(reach, "Text me. 07700 900001");
        assert!(answer(Step::Travel, &typed, &asks(None, false)).is_some());
        assert_eq!(answer(Step::Note, &typed, &asks(None, false)), None);
    }

    #[test]
    fn what_was_kept_goes_along_only_when_it_is_picked() {
        let kept = Some("A quiet room");
        let needs = |pairs| needs_of(&fields(pairs), kept);
        assert_eq!(needs(&[]), None);
        assert_eq!(needs(&[("needs_again", "same")]).as_deref(), kept);
        let other = &[("needs_again", "other"), ("access_needs", "A ramp")];
        assert_eq!(needs(other).as_deref(), Some("A ramp"));
        let none = &[("needs_again", "none"), ("access_needs", "A ramp")];
        assert_eq!(needs(none), None);
        let typed_before = &[("access_needs", "A ramp")];
        assert_eq!(needs(typed_before).as_deref(), Some("A ramp"));
        let deleted_since = fields(&[("needs_again", "same")]);
        assert_eq!(needs_of(&deleted_since, None), None);
    }

    #[test]
    fn only_new_words_are_kept_and_only_with_a_yes_to_that() {
        let typed = ("access_needs", "A ramp");
        assert_eq!(to_keep(&fields(&[typed])), None);
        let yes = ("keep_needs", "yes");
        assert_eq!(to_keep(&fields(&[typed, yes])).as_deref(), Some("A ramp"));
        assert_eq!(to_keep(&fields(&[yes])), None);
        for way in ["same", "none"] {
            assert_eq!(to_keep(&fields(&[("needs_again", way), typed, yes])), None);
        }
    }

    #[test]
    fn it_may_be_told_only_where_there_is_something_to_tell() {
        let day = Uuid::from_u128(4).to_string();
        let ticked = [("session", day.as_str()), ("access_needs_consent", "yes")];
        let asked = request(
            &fields(&ticked),
            SignUpId(Uuid::from_u128(3)),
            &asks(None, false),
        );
        let asked = asked.map_err(|(_, ask)| ask).unwrap();
        assert!(!asked.access_needs_consent);
    }
}
