//! What an impact report says, wherever it is read.

use crate::{
    commands::experience_desk::printed,
    db::{
        changes::{self, ChangeRow},
        desk::{
            experiences,
            impact::{self, Things, TookPart},
        },
    },
    error::Error,
    few::{Part, Told, in_all, together, told},
    http::staff::{
        desk::Desk,
        experiences::stage_name,
        parts::{fact, said},
        quarter::Period,
        when,
    },
    state::App,
};
use app::{
    domain::{
        change::{Change, ChangeKind},
        experience::Stage,
        words::suggestion::Outcome,
    },
    lang::{
        Text, area_name,
        en::{impact as words, what_changed},
    },
};
use maud::{Markup, html};

/// The most changes of one report; no organisation publishes as many in five years.
const MOST_CHANGES: i64 = 500;

/// A report.
pub(super) struct Report {
    pub period: Period,
    took_part: TookPart,
    things: Things,
    decided: Vec<(Outcome, Part)>,
    /// Of how many different people that was.
    decided_of: i64,
    stages: Stages,
    stories: i64,
    changed: Vec<Change>,
    not_yet: Vec<Change>,
}

/// How many experiences came at each stage. What is told of a stage gives away no quarter of it, which the themes tell
/// as well; what is told of all gives away no stage.
struct Stages(Vec<(Option<Stage>, Part, Told)>);

impl Stages {
    async fn load(app: &App, desk: &Desk, period: Period) -> Result<Self, Error> {
        let db = &app.db.pool;
        let spans = period.spans(&desk.clock);
        let quarters = experiences::by_stage(db, &spans).await?;
        let whole = experiences::by_stage(db, &[period.range(&desk.clock)]).await?;
        let stages = Stage::ALL.into_iter().map(Some).chain([None]);
        let told = stages.map(|stage| {
            let of = |place: usize| {
                let mut all = quarters.iter();
                let found = all.find(|(at, one, _)| *at == place && *one == stage);
                found.map_or(Part::default(), |(.., part)| *part)
            };
            let quarters: Vec<Part> = (0..spans.len()).map(of).collect();
            let whole = whole.iter().find(|(_, one, _)| *one == stage);
            let whole = whole.map_or(Part::default(), |(.., part)| *part);
            (stage, whole, in_all(whole.people, &quarters))
        });
        Ok(Self(told.collect()))
    }

    /// All of them, so that no stage is given away of which less is told.
    fn in_all(&self, people: i64) -> Told {
        let parts = self.0.iter().map(|(_, whole, told)| match told {
            Told::Exactly(_) => *whole,
            _ => Part {
                people: 0,
                ..*whole
            },
        });
        in_all(people, &parts.collect::<Vec<Part>>())
    }
}

/// Numbers that belong together, each with what it is a number of.
pub(super) struct Numbers {
    pub heading: Text,
    pub lines: Vec<(String, Told)>,
}

impl Report {
    /// What there is to say of a period.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(app: &App, desk: &Desk, period: Period) -> Result<Self, Error> {
        let db = &app.db.pool;
        let range = period.range(&desk.clock);
        let rows = changes::published_in(db, range, MOST_CHANGES).await?;
        let records = rows.iter().map(|row: &ChangeRow| row.record(range.0));
        let (changed, not_yet) = records.partition(|it| it.kind == ChangeKind::Done);
        Ok(Self {
            period,
            took_part: impact::took_part(db, range).await?,
            things: impact::things(db, range).await?,
            decided: impact::decided(db, range).await?,
            decided_of: impact::decided_of(db, range).await?,
            stages: Stages::load(app, desk, period).await?,
            stories: printed::count(&mut *app.db.reader().await?, range).await?,
            changed,
            not_yet,
        })
    }

    /// All its numbers.
    pub fn numbers(&self) -> Vec<Numbers> {
        vec![
            self.who(),
            self.was_said(),
            self.was_decided(),
            self.was_changed(),
            self.was_learned(),
        ]
    }

    fn who(&self) -> Numbers {
        let it = self.took_part;
        let ways = [
            (words::CAME, it.came),
            (words::BELONGED, it.belonged),
            (words::SAID_WORDS, it.said),
            (words::SHARED, it.shared),
        ];
        let all = together(it.all, &ways.map(|(_, number)| number));
        let ways = ways.map(|(name, number)| (name, told(number)));
        let lines = [(words::DIFFERENT, all)].into_iter().chain(ways);
        let held = (words::SESSIONS, Told::Exactly(self.things.sessions));
        Numbers::of(words::WHO, lines.chain([held]))
    }

    fn was_said(&self) -> Numbers {
        let suggestions = (words::SUGGESTIONS, self.things.suggestions.told());
        let all = (
            words::EXPERIENCES,
            self.stages.in_all(self.took_part.shared),
        );
        let stages = self.stages.0.iter();
        let stages = stages.map(|(stage, _, told)| (stage_name(*stage), *told));
        Numbers::of(words::SAID, [suggestions, all].into_iter().chain(stages))
    }

    fn was_decided(&self) -> Numbers {
        let names = [
            (Outcome::Changed, words::DECIDED_CHANGED),
            (Outcome::Partly, words::DECIDED_PARTLY),
            (Outcome::NotChanged, words::DECIDED_NOT),
            (Outcome::Merged, words::DECIDED_MERGED),
        ];
        let number = |outcome: Outcome| {
            let found = self.decided.iter().find(|(one, _)| *one == outcome);
            found.map_or(Part::default(), |(_, part)| *part)
        };
        let parts = names.map(|(outcome, _)| number(outcome));
        let all = in_all(self.decided_of, &parts);
        let all = [(words::DECIDED_ALL, all)].into_iter();
        let each = names.into_iter().zip(parts);
        let each = each.map(|((_, name), part)| (name, part.told()));
        Numbers::of(words::DECIDED, all.chain(each))
    }

    /// Everyone can read and count these.
    fn was_changed(&self) -> Numbers {
        let count =
            |these: &[Change]| Told::Exactly(i64::try_from(these.len()).unwrap_or(i64::MAX));
        let lines = [
            (words::CHANGED_COUNT, count(&self.changed)),
            (words::NOT_YET_COUNT, count(&self.not_yet)),
            (words::STORIES_COUNT, Told::Exactly(self.stories)),
        ];
        Numbers::of(words::CHANGED_NUMBERS, lines.into_iter())
    }

    fn was_learned(&self) -> Numbers {
        let lines = [
            (words::NOTES, Told::Exactly(self.things.notes)),
            (words::READERS, told(self.things.readers)),
        ];
        Numbers::of(words::LEARNED, lines.into_iter())
    }

    /// All of it, as the page and the document show it.
    pub fn draw(&self) -> Markup {
        html! {
            @for numbers in self.numbers() { (numbers.draw()) }
            (told_in_words(words::CHANGED, words::CHANGED_NONE, &self.changed))
            (told_in_words(words::NOT_YET, words::NOT_YET_NONE, &self.not_yet))
            p.soft { (words::SMALL.get()) }
        }
    }
}

impl Numbers {
    fn of(heading: Text, lines: impl Iterator<Item = (Text, Told)>) -> Self {
        let lines = lines.map(|(name, told)| (name.get().to_owned(), told));
        Self {
            heading,
            lines: lines.collect(),
        }
    }

    fn draw(&self) -> Markup {
        html! {
            section.card.keep {
                h2 { (self.heading.get()) }
                dl.facts.numbers {
                    @for (name, told) in &self.lines { (fact(name, &html! { (say(*told)) })) }
                }
            }
        }
    }
}

/// A number in words.
pub(super) fn say(told: Told) -> String {
    match told {
        Told::Exactly(number) => number.to_string(),
        Told::AtLeast(number) => words::AT_LEAST.fill(&[("n", &number.to_string())]),
        Told::Few => words::FEW.get().to_owned(),
        Told::Nothing => words::TOO_FEW.get().to_owned(),
    }
}

/// Changes in the words that everyone reads.
fn told_in_words(heading: Text, none: Text, changes: &[Change]) -> Markup {
    html! {
        section.stack {
            h2 { (heading.get()) }
            @if changes.is_empty() { p { (none.get()) } }
            @for it in changes { (one(it)) }
        }
    }
}

fn one(it: &Change) -> Markup {
    let did = it.we_did.as_deref();
    let (first, second) = match it.kind {
        ChangeKind::Done => (
            (what_changed::WE_DID, did),
            (what_changed::WHY, Some(it.why.as_str())),
        ),
        ChangeKind::NotYet => (
            (what_changed::BECAUSE, Some(it.why.as_str())),
            (what_changed::DID_SO_FAR, did),
        ),
    };
    let texts = [
        (what_changed::YOU_SAID, Some(it.you_said.as_str())),
        first,
        second,
        (what_changed::WHO, Some(it.who_took_part.as_str())),
    ];
    let again = it.look_again.as_deref();
    let again = again.map(|day| what_changed::LOOK_AGAIN.fill(&[("date", &when::say_date(day))]));
    html! {
        article.card.keep {
            p.soft { (area_name(it.area).get()) }
            @for (heading, text) in texts {
                @if let Some(text) = text {
                    h3 { (heading.get()) }
                    p dir="auto" { (said(text)) }
                }
            }
            @if let Some(again) = again { p { strong { (again) } } }
        }
    }
}
