//! One thing that this person told: what they said, each step since, writing back and forth, how it may be used, the story
//! of it, and taking it back.

use super::{all, gone, stage_name, steps, story, typed, use_name, waiting, waits};
use crate::{
    domain::{
        care::Message,
        command::Command,
        experience::{
            Answer, Experience, Link, LinkState, MayUse, Says, Use, UsedIn,
            story::{Story, StoryState},
        },
        id::ExperienceId,
        record::kind,
    },
    lang::{
        Text,
        en::{care, experience as words, state},
    },
    ui::{
        Ui,
        el::{El, el, live},
        local::{Seen, Sent},
        parts::{
            act::{ask, ask_then, sure},
            button, card, field,
            form::{Fields, form_of},
            heading, link,
            load::{Records, read, records, whenever},
            p, page as screen, quiet_button, second_link, soft,
            thread::{self, About},
            unsent_card,
        },
        when,
    },
};
use leptos::{prelude::*, web_sys::Event};
use uuid::Uuid;

/// What is open on the screen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Answer,
    Use,
    TakeBack,
    TakeDown,
}

/// The screen.
#[derive(Clone, Copy)]
pub(super) struct Screen {
    pub(super) ui: Ui,
    id: ExperienceId,
    mine: Records,
    answers: Records,
    stories: Records,
    pub(super) open: RwSignal<Option<Open>>,
}

/// The screen of one.
pub(crate) fn page(ui: Ui, id: ExperienceId) -> El {
    let it = Screen {
        ui,
        id,
        mine: records(ui, kind::EXPERIENCE),
        answers: records(ui, kind::EXPERIENCE_ANSWER),
        stories: records(ui, kind::STORY),
        open: RwSignal::new(None),
    };
    // What was answered meanwhile.
    whenever(move || {
        if let Some(phone) = ui.local.phone() {
            phone.sync_now();
        }
    });
    el("div").with(live(move || {
        let found = all(it.mine).into_iter().find(|seen| seen.id == id.0);
        found.map_or_else(|| gone(ui), |seen| it.draw(&seen))
    }))
}

impl Screen {
    fn draw(self, seen: &Seen<Experience>) -> El {
        let it = &seen.body;
        let stands = it.stands() && !matches!(seen.sent, Sent::TakingBack(_));
        let has_come = stands && !waits(seen);
        let story = self.story();
        let not_undone = not_undone(it, story.as_ref().map(|seen| &seen.body));
        screen(words::ONE)
            .key("one")
            .when(stands.then(|| said(seen)))
            .with(self.how_far(seen))
            .when(has_come.then(|| self.talk(seen)).flatten())
            .when(story.map(|story| self.told(&story, it)))
            .when(has_come.then(|| self.uses(seen)))
            .when(not_undone)
            .when(self.way_back(seen))
            .with(second_link("/your-experience", words::ALL))
    }

    fn story(self) -> Option<Seen<Story>> {
        let all = self
            .stories
            .with(|all| read::<Story>(all.as_deref().unwrap_or_default()));
        all.into_iter().find(|seen| seen.body.experience == self.id)
    }

    /// The steps that it went through, and what it came to.
    fn how_far(self, seen: &Seen<Experience>) -> El {
        let steps = steps(self.ui, seen).into_iter();
        let steps = steps.map(|step| el("li").with(step));
        el("section")
            .class("group")
            .with(heading(words::HOW_FAR))
            .with(el("ol").class("steps").each(steps))
            .when(seen.body.link.as_ref().map(came_of_it))
    }

    /// What was said since. Who said that nobody need get back to them is still answered where they wrote back.
    fn talk(self, seen: &Seen<Experience>) -> Option<El> {
        let said = self.messages(&seen.body.messages);
        if said.is_empty() {
            return None;
        }
        let (ui, about) = (self.ui, about(self.id));
        let answer = if self.open.get() == Some(Open::Answer) {
            thread::answer(ui, about, move || self.open.set(None)).key("answer-form")
        } else {
            let show = move || {
                self.open.set(Some(Open::Answer));
                thread::open_answer(ui, about.id);
            };
            button(care::ANSWER, show).key("answer")
        };
        Some(
            el("section")
                .class("group")
                .with(heading(words::TALK))
                .with(thread::thread(ui, about, &said, &[]))
                .with(answer),
        )
    }

    /// The thread as the record has it, with what waits on this phone.
    fn messages(self, told: &[Message]) -> Vec<Message> {
        let mut said = told.to_vec();
        let answers = self
            .answers
            .with(|all| read::<Answer>(all.as_deref().unwrap_or_default()));
        for seen in answers {
            if seen.body.experience != self.id {
                continue;
            }
            let here = said.iter_mut().find(|one| one.id == seen.id);
            let waits = match seen.sent {
                Sent::NotYet(command) | Sent::Sending(command) => Some(command),
                _ => None,
            };
            match (here, seen.body.words) {
                (Some(one), None) => one.text = None,
                (None, Some(words)) => said.push(Message::own(seen.id, words, waits)),
                _ => {}
            }
        }
        said
    }

    fn told(self, seen: &Seen<Story>, of: &Experience) -> El {
        story::section(self, seen, of)
    }

    /// How it may be used, and changing that.
    fn uses(self, seen: &Seen<Experience>) -> El {
        let ui = self.ui;
        let now = seen.body.may_use.unwrap_or(MayUse::OnlyImprove);
        let section = el("section")
            .class("group")
            .with(heading(words::USE_HEADING))
            .with(p(words::USE_NOW.fill(&[("use", use_name(now).get())])))
            .when(waiting(ui, seen.sent, words::USE_WAITS, false));
        if self.open.get() != Some(Open::Use) {
            let change = quiet_button(words::USE_CHANGE, move || self.open.set(Some(Open::Use)));
            return section.with(change.key("change"));
        }
        let choices = MayUse::ALL.map(|it| field::choice("may_use", it.word(), use_name(it)));
        let name = seen.body.name.clone().unwrap_or_default();
        let values = [
            ("may_use".to_owned(), now.word().to_owned()),
            ("name".to_owned(), name),
        ];
        let form = el("form")
            .key("form")
            .attr("method", "dialog")
            .attr("autocomplete", "off")
            .with(field::choices(words::USE_HEADING, Some(words::USE_LESS)).each(choices))
            .with(field::short("name", words::USE_NAME))
            .with(submit(words::USE_KEEP))
            .with(button(words::USE_CANCEL, move || self.open.set(None)))
            .on("submit", move |event| self.uses_so(&event, now))
            .filled(&values);
        section.with(form)
    }

    fn uses_so(self, event: &Event, was: MayUse) {
        event.prevent_default();
        let Some(form) = form_of(event) else { return };
        let fields = Fields::of(&form, &["may_use", "name"]);
        let picked = fields.get("may_use");
        let Some(may_use) = picked.and_then(|word| MayUse::of_word(&word)) else {
            return;
        };
        let it = Says::Use(Use {
            experience: self.id,
            was,
            may_use,
            name: fields
                .get("name")
                .filter(|_| may_use == MayUse::PublicNamed),
        });
        ask_then(
            self.ui,
            |phone| phone.send(Command::from(it), None),
            move |_| self.open.set(None),
        );
    }

    /// "Don't send" while nothing has arrived for sure; else taking all of it back, at any time.
    fn way_back(self, seen: &Seen<Experience>) -> Option<El> {
        let (ui, id) = (self.ui, self.id);
        if waits(seen) {
            return waiting(ui, seen.sent, state::NOT_YET, true);
        }
        if !seen.body.stands() || matches!(seen.sent, Sent::TakingBack(_)) {
            return None;
        }
        if self.open.get() != Some(Open::TakeBack) {
            let back = quiet_button(words::TAKE_BACK, move || {
                self.open.set(Some(Open::TakeBack));
            });
            return Some(back.key("take-back"));
        }
        Some(sure(
            [
                words::TAKE_BACK_SURE,
                words::TAKE_BACK_YES,
                words::TAKE_BACK_NO,
            ],
            move || self.open.set(None),
            move || {
                let back = Command::from(Says::Withdraw(id));
                ask(ui, |phone| phone.send(back, None));
            },
        ))
    }
}

fn about(id: ExperienceId) -> About {
    About {
        id: id.0,
        read_by: words::TALK_READS,
        says: |id, message, words| Command::from(Says::Answer(ExperienceId(id), message, words)),
        takes_back: |id, message| Command::from(Says::TakeBack(ExperienceId(id), message)),
    }
}

/// What was said, each part under its name, and who reads it.
fn said(seen: &Seen<Experience>) -> El {
    let it = &seen.body;
    let frame = if waits(seen) { unsent_card() } else { card() };
    let part = |name: Text, said: &Option<String>| {
        let said = said.clone()?;
        Some(
            el("div")
                .with(soft(name).class("soft small"))
                .with(typed(said)),
        )
    };
    let reads = match &it.reader {
        Some(name) => words::READS_ONE.fill(&[("name", name)]),
        None if it.independent.is_some() => words::READS_PICKED.get().to_owned(),
        None => words::READS_TEAM.get().to_owned(),
    };
    frame
        .when(
            it.stage
                .map(|stage| el("p").class("tag").with(stage_name(stage))),
        )
        .when(part(words::GOOD, &it.good))
        .when(part(words::DIFFERENT, &it.different))
        .when(part(words::WHEN_ABOUT, &it.when_about))
        .with(soft(reads))
}

/// What it came to, and the way to the change that everyone reads.
fn came_of_it(it: &Link) -> El {
    let change = it.change.map(|id| {
        let path = ["/what-changed/", &id.to_string()].concat();
        link(path, words::SEE_CHANGE)
    });
    let words = match it.state {
        LinkState::NotPossible => words::BECAUSE.fill(&[("words", &it.words)]),
        LinkState::Planned | LinkState::Made => it.words.clone(),
    };
    card().class("card outline").with(typed(words)).when(change)
}

/// Where the words went that cannot be called back.
fn not_undone(it: &Experience, story: Option<&Story>) -> Option<El> {
    let used = it.used.iter().map(|used| {
        let text = match used.kind {
            UsedIn::ImpactReport => words::USED_IMPACT_REPORT,
            UsedIn::Handout => words::USED_HANDOUT,
            UsedIn::Training => words::USED_TRAINING,
        };
        text.fill(&[("date", &when::date(&used.at))])
    });
    let mut lines: Vec<String> = used.collect();
    let down = story.filter(|story| story.state != StoryState::Published);
    let since = down.and_then(|story| story.published_at.as_deref());
    lines.extend(since.map(|at| words::WAS_PUBLIC.fill(&[("date", &when::date(at))])));
    if lines.is_empty() {
        return None;
    }
    let lines = lines.into_iter().map(|line| el("li").with(line));
    Some(
        el("section")
            .class("group")
            .with(p(words::NOT_UNDONE))
            .with(el("ul").class("points").each(lines)),
    )
}

/// The button that sends a form.
pub(super) fn submit(words: Text) -> El {
    el("button")
        .attr("type", "submit")
        .class("button main")
        .with(words)
}

/// The draft of an answer that was refused, and where it can be sent again.
pub(in super::super) fn answer_again(id: Uuid, said: &str) -> (String, Fields, String) {
    let mut fields = Fields::default();
    fields.put("words", Some(said));
    (thread::draft(id), fields, super::path(id))
}
