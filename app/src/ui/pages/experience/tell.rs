//! Telling how it was: a note before it starts, one question a page, the answers to check, and only then sending. What is
//! typed is kept as it is typed, so it can be stopped and gone on with at any time.

use super::{DRAFT, path, stage_name, steps as how_far, typed, use_name};
use crate::{
    domain::{
        command::Command,
        experience::{
            CONSENT_VERSION, Experience, MayUse, Reader, Says, Send, Stage,
            speaking_up::{Independent, Line, LineKind, SpeakingUp},
        },
        id::{ExperienceId, IndependentId, TeamId},
        record::kind,
    },
    lang::{
        Text,
        en::{experience as list_words, join, sign_up, state, tell as words},
    },
    ui::{
        Ui,
        el::{El, Words, el, live},
        navigation::{self, focus_heading, soon},
        pages::check_in::{self, who_reads},
        parts::{
            act::ask_then,
            card, field,
            form::{Fields, form_by_id, form_of, keep_draft, restore_draft},
            heading, help_large, link,
            load::{Records, read, records, whenever},
            main_heading, main_link, p, second_link, soft,
            steps::{self, Place},
        },
    },
};
use leptos::{prelude::*, web_sys::Event};
use std::cell::Cell;
use uuid::Uuid;

const FORM_ID: &str = "experience";
/// What is kept as it is typed: all but the yes to sending, which is said anew.
const FIELDS: [&str; 9] = [
    "stage",
    "good",
    "different",
    "when_about",
    "about_staff",
    "person",
    "may_use",
    "name",
    "may_reply",
];

/// One question a page, in this order; the first says what is good to know, the last shows the answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Before,
    Stage,
    Good,
    Different,
    When,
    About,
    Person,
    Use,
    Name,
    Reply,
    Check,
}

impl Step {
    const ALL: [Self; 11] = [
        Self::Before,
        Self::Stage,
        Self::Good,
        Self::Different,
        Self::When,
        Self::About,
        Self::Person,
        Self::Use,
        Self::Name,
        Self::Reply,
        Self::Check,
    ];

    /// The fragment of the address under which it stands.
    fn fragment(self) -> &'static str {
        match self {
            Self::Before => "#before",
            Self::Stage => "#stage",
            Self::Good => "#good",
            Self::Different => "#different",
            Self::When => "#when",
            Self::About => "#about",
            Self::Person => "#person",
            Self::Use => "#use",
            Self::Name => "#name",
            Self::Reply => "#reply",
            Self::Check => "#check",
        }
    }

    fn question(self) -> Text {
        match self {
            Self::Before => words::BEFORE,
            Self::Stage => words::STAGE,
            Self::Good => words::GOOD,
            Self::Different => words::DIFFERENT,
            Self::When => words::WHEN_ABOUT,
            Self::About => words::ABOUT,
            Self::Person => words::PERSON,
            Self::Use => words::USE,
            Self::Name => words::NAME,
            Self::Reply => words::REPLY,
            Self::Check => sign_up::CHECK,
        }
    }

    /// Those that are asked, as far as it has been answered.
    fn asked(fields: &Fields) -> Vec<Self> {
        let is_asked = |step: &Self| match step {
            Self::Person => is_about_staff(fields),
            Self::Name => may_use(fields) == MayUse::PublicNamed,
            _ => true,
        };
        Self::ALL.into_iter().filter(is_asked).collect()
    }
}

fn is_about_staff(fields: &Fields) -> bool {
    fields.get("about_staff").as_deref() == Some("yes")
}

/// Where nothing was picked it is the least.
fn may_use(fields: &Fields) -> MayUse {
    let picked = fields.get("may_use");
    let picked = picked.and_then(|word| MayUse::of_word(&word));
    picked.unwrap_or(MayUse::OnlyImprove)
}

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    /// Whom to turn to about somebody who works here.
    turn_to: Records,
    mine: Records,
    answers: RwSignal<Fields>,
    /// What is asked for before it can be sent.
    ask: RwSignal<Option<String>>,
    /// What was sent.
    made: RwSignal<Option<Uuid>>,
    /// Whether the draft was given back.
    given_back: RwSignal<bool>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        turn_to: records(ui, kind::SPEAKING_UP),
        mine: records(ui, kind::EXPERIENCE),
        answers: RwSignal::new(Fields::default()),
        ask: RwSignal::new(None),
        made: RwSignal::new(None),
        given_back: RwSignal::new(false),
    };
    whenever(move || {
        // Once, and only when the questions stand.
        if it.asks() && !it.given_back.get_untracked() {
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

impl Screen {
    fn asks(self) -> bool {
        let joined = (self.ui.local.status).with(|status| status.member.is_some());
        self.ui.open.get() && joined && self.turn_to.with(Option::is_some)
    }

    fn draw(self) -> El {
        if let Some(made) = self.made.get() {
            return self.done(made).key("done");
        }
        let screen = el("div").class("page").with(main_heading(words::TITLE));
        if !self.ui.open.get() {
            return screen.key("closed").with(p(list_words::COMES_WITH_APP));
        }
        if (self.ui.local.status).with(|status| status.member.is_none()) {
            return screen
                .key("nobody")
                .with(p(list_words::JOIN_FIRST))
                .with(main_link("/join", join::TITLE));
        }
        if self.turn_to.with(Option::is_none) {
            return screen.key("loading");
        }
        screen.key("form").with(self.form())
    }

    fn speaking_up(self) -> SpeakingUp {
        let mut found = self
            .turn_to
            .with(|all| read::<SpeakingUp>(all.as_deref().unwrap_or_default()));
        found.pop().map(|seen| seen.body).unwrap_or_default()
    }

    /// The step of the address.
    fn step(self, steps: &[Step]) -> Step {
        let fragment = self.ui.fragment.get();
        let mut steps = steps.iter();
        let found = steps.find(|step| step.fragment() == fragment);
        found.copied().unwrap_or(Step::Before)
    }

    fn form(self) -> El {
        let answers = self.answers.get();
        let asked = Step::asked(&answers);
        let now = self.step(&asked);
        let ask = self.ask.get().map(|ask| p(ask).class("card outline"));
        let turn_to = self.speaking_up();
        let reader = self.reader(&answers, &turn_to);
        let drawn = Step::ALL.into_iter().map(|step| {
            let question = match step {
                Step::Check => self.check(&answers, &turn_to, reader.as_ref().ok()),
                other => question(other, &turn_to),
            };
            self.step_box(step, &asked, question)
                .flag("hidden", step != now)
        });
        el("form")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .attr("method", "dialog")
            .flag("novalidate", true)
            .with(el("div").class("steps-form").each(drawn))
            .with(el("div").attr("role", "alert").when(ask))
            .with(
                el("button")
                    .attr("type", "submit")
                    .class("button main")
                    .flag("hidden", now != Step::Check || reader.is_err())
                    .with(words::SEND),
            )
            .with(second_link("/your-experience", words::STOP))
            .on("input", move |event| {
                if let Some(form) = form_of(&event) {
                    keep_draft(self.ui, DRAFT, &Fields::of(&form, &FIELDS));
                }
            })
            // What is picked may ask for more.
            .on("change", move |_| self.read_answers())
            .on("submit", move |event| self.submitted(&event))
    }

    /// What is good to know before is no question, and is not counted as one.
    fn step_box(self, step: Step, asked: &[Step], question: El) -> El {
        let next = asked.iter().position(|one| *one == step);
        let next = next.and_then(|place| asked.get(place + 1));
        let next = next.map(|next| next.fragment());
        if step == Step::Before {
            let start = next.map(|next| steps::way_on(self.ui, words::START, next));
            return el("div")
                .class("step")
                .attr("tabindex", "-1")
                .with(question)
                .when(start)
                .with(help_large());
        }
        let place = asked.iter().position(|one| *one == step).unwrap_or(1);
        let place = Place {
            number: place - 1,
            count: asked.len() - 2,
            next,
        };
        steps::step(self.ui, Some(place), question)
    }

    /// Who will read it, and their name; else where something is to be picked first, and why.
    fn reader(
        self,
        fields: &Fields,
        turn_to: &SpeakingUp,
    ) -> Result<(Reader, String), (Step, Text)> {
        let team = check_in::team(self.ui);
        reader(fields, turn_to, team.map(|(id, team)| (id, team.name)))
    }

    /// The answers, who will read it, and the yes to that (rule 6).
    fn check(
        self,
        answers: &Fields,
        turn_to: &SpeakingUp,
        reader: Option<&(Reader, String)>,
    ) -> El {
        let rows = Step::asked(answers).into_iter();
        let rows = rows.filter(|step| !matches!(step, Step::Before | Step::Check));
        let rows = rows.map(|step| {
            let answer = answer(step, answers, turn_to);
            let answer = answer.unwrap_or(sign_up::NO_ANSWER.get().to_owned());
            steps::answered(step.question(), step.fragment(), answer)
        });
        let sharing = match reader {
            Some((it, name)) => self.sharing(*it, name),
            None => self.nobody_reads(answers).key("nobody"),
        };
        steps::check(rows).with(sharing)
    }

    fn sharing(self, reader: Reader, name: &str) -> El {
        let who = [("who", name)];
        let team = check_in::team(self.ui).map(|(_, team)| team);
        let about = match (reader, &team) {
            (Reader::Team(_), Some(team)) => who_reads(self.ui, team),
            _ => card()
                .with(p(words::TO_PERSON.fill(&[("name", name)])))
                .with(p(words::IF_HURT))
                .with(p(words::IF_WORRIED)),
        };
        el("div")
            .key("sharing")
            .class("sharing")
            .with(about)
            .with(field::tick_as(
                "consent",
                value_of(reader),
                words::CONSENT.fill(&who),
            ))
    }

    /// Why it cannot be sent yet, and the way to say who reads it.
    fn nobody_reads(self, answers: &Fields) -> El {
        let (says, to) = match is_about_staff(answers) {
            true => (words::PERSON_NEEDED, Step::Person),
            false => (words::NO_TEAM, Step::About),
        };
        card()
            .class("card outline")
            .with(p(says))
            .with(link(to.fragment(), to.question()))
    }

    fn read_answers(self) {
        if let Some(form) = form_by_id(FORM_ID) {
            self.answers.set(Fields::of(&form, &FIELDS));
        }
    }

    /// The question after the one that shows; none where the form can be sent.
    fn next(self) -> Option<Step> {
        let asked = Step::asked(&self.answers.get());
        let now = self.step(&asked);
        let place = asked.iter().position(|step| *step == now)?;
        asked.get(place + 1).copied()
    }

    fn submitted(self, event: &Event) {
        event.prevent_default();
        self.read_answers();
        if let Some(next) = untrack(|| self.next()) {
            // Enter was pressed in a field: on to the next question, not off with it all.
            return navigation::go(self.ui, next.fragment());
        }
        let (Some(form), Some(phone)) = (form_of(event), self.ui.local.phone()) else {
            return;
        };
        let fields = Fields::of(&form, &FIELDS);
        let consent = Fields::of(&form, &["consent"]).get("consent");
        let id = ExperienceId(phone.new_id());
        let said = untrack(|| self.reader(&fields, &self.speaking_up()));
        let said = said.map_err(|(step, ask)| (step, ask.get().to_owned()));
        let said = said.and_then(|(reader, name)| {
            if consent.as_deref() == Some(&value_of(reader)) {
                send(&fields, id, reader).map_err(|(step, ask)| (step, ask.get().to_owned()))
            } else {
                let ask = words::CONSENT_NEEDED.fill(&[("who", &name)]);
                Err((Step::Check, ask))
            }
        });
        let said = match said {
            Ok(said) => said,
            Err((step, ask)) => {
                self.ask.set(Some(ask));
                return navigation::go(self.ui, step.fragment());
            }
        };
        let command = Command::from(Says::Send(Box::new(said)));
        ask_then(
            self.ui,
            |phone| phone.send(command, Some(DRAFT.to_owned())),
            move |_| {
                self.made.set(Some(id.0));
                soon(focus_heading);
            },
        );
    }

    fn done(self, made: Uuid) -> El {
        let line = self.mine.with(|all| {
            let all = read::<Experience>(all.as_deref().unwrap_or_default());
            let seen = all.into_iter().find(|seen| seen.id == made)?;
            how_far(self.ui, &seen).pop()
        });
        // Until the phone has said more: kept, and no more than that.
        let line = line.unwrap_or_else(|| state::NOT_YET.get().to_owned());
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
            .with(main_link(path(made), list_words::ONE))
            .with(second_link("/your-experience", list_words::ALL))
            .with(crate::ui::pages::pin::question(self.ui))
    }
}

/// A value that says who reads it: a yes to one is none to another.
fn value_of(reader: Reader) -> String {
    match reader {
        Reader::Team(TeamId(id)) | Reader::Independent(IndependentId(id)) => id.to_string(),
    }
}

fn reader(
    fields: &Fields,
    turn_to: &SpeakingUp,
    team: Option<(TeamId, String)>,
) -> Result<(Reader, String), (Step, Text)> {
    if !is_about_staff(fields) {
        let (team, name) = team.ok_or((Step::About, words::NO_TEAM))?;
        return Ok((Reader::Team(team), name));
    }
    let person = picked(fields, turn_to).ok_or((Step::Person, words::PERSON_NEEDED))?;
    Ok((Reader::Independent(person.id), person.name.clone()))
}

fn picked<'a>(fields: &Fields, turn_to: &'a SpeakingUp) -> Option<&'a Independent> {
    let picked: Uuid = fields.get("person")?.parse().ok()?;
    turn_to.people.iter().find(|it| it.id.0 == picked)
}

/// What the form says; an error says at which question something is missing.
fn send(fields: &Fields, id: ExperienceId, reader: Reader) -> Result<Send, (Step, Text)> {
    let (good, different) = (fields.get("good"), fields.get("different"));
    if good.is_none() && different.is_none() {
        return Err((Step::Good, words::WORDS_NEEDED));
    }
    let may_use = may_use(fields);
    let stage = fields.get("stage");
    Ok(Send {
        experience: id,
        stage: stage.and_then(|word| Stage::of_word(&word)),
        good,
        different,
        when_about: fields.get("when_about"),
        may_use,
        name: fields
            .get("name")
            .filter(|_| may_use == MayUse::PublicNamed),
        may_reply: fields.get("may_reply").as_deref() == Some("yes"),
        reader,
        consent: CONSENT_VERSION,
    })
}

/// The form as it stood when this was sent: to change it and send it again.
pub(in super::super) fn again(it: &Send) -> (String, Fields, String) {
    let mut fields = Fields::default();
    fields.put("stage", it.stage.map(Stage::word));
    fields.put("good", it.good.as_deref());
    fields.put("different", it.different.as_deref());
    fields.put("when_about", it.when_about.as_deref());
    let is_about_staff = it.reader.independent().is_some();
    fields.put(
        "about_staff",
        Some(if is_about_staff { "yes" } else { "no" }),
    );
    fields.put("may_use", Some(it.may_use.word()));
    fields.put("name", it.name.as_deref());
    fields.put("may_reply", Some(if it.may_reply { "yes" } else { "no" }));
    (DRAFT.to_owned(), fields, "/your-experience/new".to_owned())
}

/// One question with its fields.
fn question(step: Step, turn_to: &SpeakingUp) -> El {
    match step {
        Step::Before => before(),
        Step::Stage => field::choices(words::STAGE, Some(words::STAGE_WHY))
            .each(Stage::ALL.map(|it| field::choice("stage", it.word(), stage_name(it)))),
        Step::Good => long("good", words::GOOD, "good-watched", words::GOOD_WHY),
        Step::Different => long(
            "different",
            words::DIFFERENT,
            "different-watched",
            words::DIFFERENT_WHY,
        ),
        Step::When => el("div")
            .class("group")
            .with(field::short("when_about", words::WHEN_ABOUT))
            .with(soft(words::WHEN_WHY)),
        Step::About => field::choices(words::ABOUT, Some(words::ABOUT_WHY))
            .with(field::choice("about_staff", "no", words::ABOUT_NO))
            .with(field::choice("about_staff", "yes", words::ABOUT_YES)),
        Step::Person => person(turn_to),
        Step::Use => field::choices(words::USE, Some(words::USE_WHY))
            .each(MayUse::ALL.map(|it| field::choice("may_use", it.word(), use_name(it)))),
        Step::Name => el("div")
            .class("group")
            .with(field::short("name", words::NAME))
            .with(soft(words::NAME_WHY)),
        Step::Reply => field::choices(words::REPLY, Some(words::REPLY_WHY))
            .with(field::choice("may_reply", "yes", words::REPLY_YES))
            .with(field::choice("may_reply", "no", words::REPLY_NO)),
        Step::Check => el("div"),
    }
}

fn long(name: &'static str, label: Text, watched: &'static str, why: Text) -> El {
    el("div")
        .class("group")
        .with(field::long(name, label, watched))
        .with(soft(why))
}

/// What is good to know before.
fn before() -> El {
    let lines = [
        words::BEFORE_ONE,
        words::BEFORE_TWO,
        words::BEFORE_THREE,
        words::BEFORE_FOUR,
    ];
    el("div").class("group").with(heading(words::BEFORE)).with(
        el("ul")
            .class("points")
            .each(lines.map(|line| el("li").with(line))),
    )
}

/// Whom to pick, so that whoever it is about can be left out; and those outside.
fn person(turn_to: &SpeakingUp) -> El {
    let people = turn_to.people.iter().map(|it| {
        let named = el("strong").attr("dir", "auto").with(it.name.clone());
        let mut about = el("span").with(named);
        for said in [&it.role, &it.reach] {
            if !said.trim().is_empty() {
                let said = el("span")
                    .class("soft")
                    .attr("dir", "auto")
                    .with(said.clone());
                about = about.with(Words::Borrowed(". ")).with(said);
            }
        }
        field::choice("person", it.id.to_string(), about)
    });
    let pick = if turn_to.people.is_empty() {
        el("div")
            .key("none")
            .with(heading(words::PERSON))
            .with(p(words::PERSON_NONE))
    } else {
        field::choices(words::PERSON, Some(words::PERSON_WHY))
            .key("some")
            .each(people)
    };
    el("div").class("group").with(pick).with(outside(turn_to))
}

/// Those outside: as the organisation says, and where it says nothing, in plain words.
fn outside(turn_to: &SpeakingUp) -> El {
    let kinds = LineKind::ALL.map(|kind| {
        let lines = turn_to.lines.iter().filter(|line| line.kind == kind);
        let lines: Vec<El> = lines.map(line).collect();
        let heading = match kind {
            LineKind::Complaints => words::OUTSIDE_COMPLAINTS,
            LineKind::Advocacy => words::OUTSIDE_ADVOCACY,
            LineKind::Regulator => words::OUTSIDE_REGULATOR,
        };
        let plain = if lines.is_empty() {
            Some(plain(kind))
        } else {
            None
        };
        card()
            .with(el("h3").with(heading))
            .with(el("div").class("group").each(lines))
            .when(plain)
    });
    el("section")
        .class("group")
        .with(heading(words::OUTSIDE))
        .each(kinds)
}

fn line(it: &Line) -> El {
    let some = |text: &String| (!text.trim().is_empty()).then(|| typed(text.clone()));
    el("div")
        .with(el("p").with(el("strong").attr("dir", "auto").with(it.label.clone())))
        .when(some(&it.words))
        .when(some(&it.address))
        .when(ring(&it.number))
}

/// A number to ring: no more than its digits ever reach the dialler.
fn ring(number: &str) -> Option<El> {
    let digits: String = number
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    let says = words::RING.fill(&[("number", number)]);
    (digits.len() > 2).then(|| second_link(["tel:", &digits].concat(), says))
}

fn plain(kind: LineKind) -> El {
    const REGULATORS: [(Text, &str); 4] = [
        (words::REGULATOR_ENGLAND, "03000 616161"),
        (words::REGULATOR_SCOTLAND, "0345 600 9527"),
        (words::REGULATOR_WALES, "0300 7900 126"),
        (words::REGULATOR_NORTHERN_IRELAND, "028 9536 1111"),
    ];
    let frame = el("div").class("group");
    match kind {
        LineKind::Complaints => frame.with(p(words::COMPLAINTS_PLAIN)),
        LineKind::Advocacy => frame.with(p(words::ADVOCACY_PLAIN)),
        LineKind::Regulator => {
            frame.each(REGULATORS.map(|(name, number)| el("div").with(p(name)).when(ring(number))))
        }
    }
}

/// What was answered, in the words of the form.
fn answer(step: Step, answers: &Fields, turn_to: &SpeakingUp) -> Option<String> {
    let yes_no = |name: &str, yes: Text, no: Text| match answers.get(name)?.as_str() {
        "yes" => Some(yes.get().to_owned()),
        _ => Some(no.get().to_owned()),
    };
    match step {
        Step::Stage => {
            let stage = Stage::of_word(&answers.get("stage")?)?;
            Some(stage_name(stage).get().to_owned())
        }
        Step::Good => answers.get("good"),
        Step::Different => answers.get("different"),
        Step::When => answers.get("when_about"),
        Step::About => yes_no("about_staff", words::ABOUT_YES, words::ABOUT_NO),
        Step::Person => Some(picked(answers, turn_to)?.name.clone()),
        Step::Use => Some(use_name(may_use(answers)).get().to_owned()),
        Step::Name => answers.get("name"),
        Step::Reply => yes_no("may_reply", words::REPLY_YES, words::REPLY_NO),
        Step::Before | Step::Check => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEAM: TeamId = TeamId(Uuid::from_u128(1));
    const ID: ExperienceId = ExperienceId(Uuid::from_u128(2));

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields(pairs.iter().map(owned).collect())
    }

    fn turn_to() -> SpeakingUp {
        SpeakingUp {
            people: vec![Independent {
                id: IndependentId(Uuid::from_u128(3)),
                name: "Odile Marsh".into(),
                role: String::new(),
                reach: String::new(),
            }],
            lines: Vec::new(),
        }
    }

    fn team() -> Option<(TeamId, String)> {
        Some((TEAM, "Harbour".into()))
    }

    #[test]
    fn one_thing_that_was_good_or_could_have_been_different_is_all_it_needs() {
        let needed = send(&fields(&[("stage", "housing")]), ID, Reader::Team(TEAM));
        assert!(needed.is_err_and(|(step, _)| step == Step::Good));
        let said = send(
            &fields(&[("different", "More time")]),
            ID,
            Reader::Team(TEAM),
        );
        let said = said.map_err(|(_, ask)| ask).unwrap();
        assert_eq!(said.may_use, MayUse::OnlyImprove, "the least");
        assert!(!said.may_reply && said.stage.is_none() && said.name.is_none());
    }

    #[test]
    fn what_is_about_somebody_who_works_here_never_goes_to_the_team() {
        let about = ("about_staff", "yes");
        let nobody = reader(&fields(&[about]), &turn_to(), team());
        assert!(nobody.is_err_and(|(step, _)| step == Step::Person));
        let gone = Uuid::from_u128(9).to_string();
        let gone = reader(&fields(&[about, ("person", &gone)]), &turn_to(), team());
        assert!(gone.is_err_and(|(step, _)| step == Step::Person));
        let odile = Uuid::from_u128(3).to_string();
        let odile = fields(&[about, ("person", &odile)]);
        let (it, name) = reader(&odile, &turn_to(), team()).map_err(drop).unwrap();
        assert_eq!(it, Reader::Independent(IndependentId(Uuid::from_u128(3))));
        assert_eq!(name, "Odile Marsh");
        let none = reader(&fields(&[]), &turn_to(), None);
        assert!(none.is_err_and(|(step, _)| step == Step::About));
    }

    #[test]
    fn a_name_is_asked_for_and_sent_only_where_one_may_be_shown() {
        let named = [("good", "x"), ("may_use", "public_named"), ("name", "Kit")];
        assert!(Step::asked(&fields(&named)).contains(&Step::Name));
        let said = send(&fields(&named), ID, Reader::Team(TEAM));
        assert_eq!(said.map_err(drop).unwrap().name.as_deref(), Some("Kit"));
        let unnamed = [
            ("good", "x"),
            ("may_use", "public_unnamed"),
            ("name", "Kit"),
        ];
        assert!(!Step::asked(&fields(&unnamed)).contains(&Step::Name));
        let said = send(&fields(&unnamed), ID, Reader::Team(TEAM));
        assert_eq!(said.map_err(drop).unwrap().name, None);
    }

    #[test]
    fn what_was_refused_stands_in_the_form_again() {
        let typed = fields(&[
            ("stage", "housing"),
            ("good", "A key of my own"),
            ("when_about", "2024"),
            ("may_use", "public_named"),
            ("name", "Kit"),
            ("may_reply", "yes"),
        ]);
        let said = send(&typed, ID, Reader::Team(TEAM)).map_err(drop).unwrap();
        let (draft, fields, address) = again(&said);
        assert_eq!(
            (draft.as_str(), address.as_str()),
            (DRAFT, "/your-experience/new")
        );
        let said_again = send(&fields, ID, Reader::Team(TEAM)).map_err(drop).unwrap();
        assert_eq!(said_again, said);
    }
}
