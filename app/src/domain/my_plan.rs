//! My plan: what a person writes for themselves about what helps. It is theirs, on their phone; nothing here is
//! ever part of a request, but for the copy that they choose to share.
//!
//! Each sitting writes a row of its own, made from the one before, so that what was written before is not lost
//! and two tabs never write over each other. The newest row is the plan; the others say how it was.

use super::{
    shared_plan::{Contact, Content, Written},
    time::Millis,
};
use crate::order;
use serde::Serialize;
use uuid::Uuid;

crate::words! {
    /// A part of the plan's form.
    pub enum Part {
        /// What may be seen when things get harder.
        EarlySigns "early_signs",
        /// What helps.
        WhatHelps "what_helps",
        /// Who to contact: people with their numbers.
        Contacts "contacts",
        /// What the person would like if they are very unwell.
        VeryUnwell "very_unwell",
        /// One small thing.
        SmallThing "small_thing",
    }
}

impl Part {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::EarlySigns,
        Self::WhatHelps,
        Self::Contacts,
        Self::VeryUnwell,
        Self::SmallThing,
    ];
}

/// What was written in one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The part's word; one that a later version knows is kept as it is.
    pub part: String,
    /// The words as typed; of people to contact there are none here.
    pub words: String,
    /// The heading under which it was written.
    pub heading: String,
    /// The newer heading that the person did not want.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_from: Option<String>,
}

crate::reads_json!(Section {
    part,
    words,
    heading,
    kept_from
});

/// Somebody to ring or text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Its own id.
    pub id: Uuid,
    /// Who.
    pub name: String,
    /// Their number, as typed.
    pub number: String,
    /// What is good to know.
    pub note: String,
}

crate::reads_json!(Person {
    id,
    name,
    number,
    note
});

impl Person {
    /// The number as a phone dials it; none where there are no digits.
    pub fn dialled(&self) -> Option<String> {
        dialled(&self.number)
    }

    fn is_empty(&self) -> bool {
        [&self.name, &self.number, &self.note]
            .iter()
            .all(|words| words.trim().is_empty())
    }
}

/// The first number in what was typed, as a phone dials it: what is said after it ("after 5") is no part of it. None
/// where there are no digits.
pub fn dialled(typed: &str) -> Option<String> {
    let from = typed.find(|c: char| c == '+' || c.is_ascii_digit())?;
    // Written for readers abroad: not dialled from there, nor with the country's number.
    let number = typed[from..].replace("(0)", "");
    let is_of_number = |c: &char| c.is_ascii_digit() || " +-.()\u{a0}".contains(*c);
    let number = number.chars().take_while(is_of_number);
    let digits: String = number.filter(char::is_ascii_digit).collect();
    let plus = if typed[from..].starts_with('+') {
        "+"
    } else {
        ""
    };
    (!digits.is_empty()).then(|| [plus, &digits].concat())
}

/// What of the plan shows in Help now without the PIN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pick {
    /// The part's word, or the id of somebody to contact.
    pub of: String,
    /// The line of that part, word for word: a line that was changed is another line, which nobody picked.
    pub line: String,
}

crate::reads_json!(Pick { of, line });

/// A line that can be picked, or is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What picks it.
    pub pick: Pick,
    /// What it says.
    pub words: String,
    /// The number to ring or text; empty for none.
    pub number: String,
}

/// The plan as it stood after one sitting: a row `plan/<id>` of the phone's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MyPlan {
    /// Its own id.
    pub id: Uuid,
    /// The row that it was made from, where nothing came between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Uuid>,
    /// When that was last changed, as it stood then: another tab may go on in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_at: Option<Millis>,
    /// When it was last changed.
    pub changed_at: Millis,
    /// What was written, by part.
    pub sections: Vec<Section>,
    /// Who to contact.
    pub people: Vec<Person>,
    /// What shows in Help now.
    pub picks: Vec<Pick>,
}

crate::reads_json!(MyPlan {
    id,
    from,
    from_at,
    changed_at,
    sections,
    people,
    picks
});

impl MyPlan {
    /// What was written in a part; none where nothing is.
    pub fn section(&self, part: Part) -> Option<&Section> {
        self.sections.iter().find(|one| one.part == part.word())
    }

    /// The words of a part.
    pub fn words(&self, part: Part) -> &str {
        self.section(part).map_or("", |one| &one.words)
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty() && self.people.is_empty()
    }

    /// Writes a part. `heading` is what stands over it now: what was begun under another one stays under that.
    pub fn write(&mut self, part: Part, words: &str, heading: &str) {
        let is_blank = words.trim().is_empty();
        let place = (self.sections.iter()).position(|one| one.part == part.word());
        match place {
            Some(place) if is_blank => drop(self.sections.remove(place)),
            Some(place) => words.clone_into(&mut self.sections[place].words),
            None if is_blank => {}
            None => self.sections.push(Section {
                part: part.word().to_owned(),
                words: words.to_owned(),
                heading: heading.to_owned(),
                kept_from: None,
            }),
        }
    }

    /// Writes somebody to contact; one of whom nothing is said is let go.
    pub fn put_person(&mut self, person: Person, heading: &str) {
        let place = self.people.iter().position(|one| one.id == person.id);
        match place {
            Some(place) if person.is_empty() => drop(self.people.remove(place)),
            Some(place) => self.people[place] = person,
            None if person.is_empty() => {}
            None => self.people.push(person),
        }
        self.head_people(heading);
    }

    /// Lets somebody to contact go.
    pub fn remove_person(&mut self, id: Uuid) {
        self.people.retain(|one| one.id != id);
        self.head_people("");
    }

    /// The part of people stands for as long as there is somebody in it.
    fn head_people(&mut self, heading: &str) {
        let part = Part::Contacts.word();
        if self.people.is_empty() {
            self.sections.retain(|one| one.part != part);
        } else if self.section(Part::Contacts).is_none() {
            self.sections.push(Section {
                part: part.to_owned(),
                words: String::new(),
                heading: heading.to_owned(),
                kept_from: None,
            });
        }
    }

    /// Whether the heading over a part has changed since the person wrote under it, and they have not said yet that
    /// they keep theirs.
    pub fn is_offered(&self, part: Part, now: &str) -> bool {
        self.section(part).is_some_and(|one| {
            one.heading != now && !one.heading.is_empty() && one.kept_from.as_deref() != Some(now)
        })
    }

    /// Takes the new heading, or stays under the old one.
    pub fn choose_heading(&mut self, part: Part, now: &str, takes: bool) {
        let found = self.sections.iter_mut();
        for one in found.filter(|one| one.part == part.word()) {
            if takes {
                now.clone_into(&mut one.heading);
            }
            one.kept_from = (!takes).then(|| now.to_owned());
        }
    }

    /// Every line that can be picked, in the order of the form, each once.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for part in Part::ALL {
            let words = self.words(part).lines().map(str::trim);
            for words in words.filter(|words| !words.is_empty()) {
                let pick = Pick {
                    of: part.word().to_owned(),
                    line: words.to_owned(),
                };
                if !lines.iter().any(|line| line.pick == pick) {
                    lines.push(Line {
                        pick,
                        words: words.to_owned(),
                        number: String::new(),
                    });
                }
            }
            if part == Part::Contacts {
                lines.extend(self.people.iter().map(of_person));
            }
        }
        lines
    }

    /// What shows in Help now: what was picked, as far as it is still there.
    pub fn shown(&self) -> Vec<Line> {
        let mut lines = self.lines();
        lines.retain(|line| self.picks.contains(&line.pick));
        lines
    }

    /// What was picked and is not there any more, because it was changed or deleted.
    pub fn lost(&self) -> Vec<&Pick> {
        let lines = self.lines();
        let is_there = |pick: &&Pick| lines.iter().any(|line| line.pick == **pick);
        self.picks.iter().filter(|pick| !is_there(pick)).collect()
    }

    /// Picks a line, or no more.
    pub fn pick(&mut self, pick: &Pick, on: bool) {
        self.picks.retain(|one| one != pick);
        if on {
            self.picks.push(pick.clone());
        }
    }

    /// Forgets what was picked and is not there any more.
    pub fn forget_lost(&mut self) {
        let shown: Vec<Pick> = self.shown().into_iter().map(|line| line.pick).collect();
        self.picks = shown;
    }

    /// It as it is shared: all that is written, without characters that no form takes.
    pub fn content(&self) -> Content {
        let clean = |words: &str| -> String {
            let stays = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
            words.chars().filter(stays).collect()
        };
        let has_words = |one: &&Section| !one.words.trim().is_empty();
        Content {
            parts: (self.in_order().into_iter().filter(has_words))
                .map(|one| Written {
                    part: one.part.clone(),
                    heading: clean(&one.heading),
                    words: clean(&one.words),
                })
                .collect(),
            people_heading: (self.section(Part::Contacts))
                .map(|one| clean(&one.heading))
                .unwrap_or_default(),
            people: (self.people.iter())
                .map(|one| Contact {
                    name: clean(&one.name),
                    number: clean(&one.number),
                    note: clean(&one.note),
                })
                .collect(),
            written_at: self.changed_at,
        }
    }

    /// What was shared, as a row; `id` makes ids for its people.
    pub fn of_content(said: &Content, mut id: impl FnMut() -> Uuid) -> Self {
        let mut plan = Self {
            changed_at: said.written_at,
            ..Self::default()
        };
        for one in &said.parts {
            plan.sections.push(Section {
                part: one.part.clone(),
                words: one.words.clone(),
                heading: one.heading.clone(),
                kept_from: None,
            });
        }
        for one in &said.people {
            let person = Person {
                id: id(),
                name: one.name.clone(),
                number: one.number.clone(),
                note: one.note.clone(),
            };
            plan.put_person(person, &said.people_heading);
        }
        plan
    }

    /// What is written, in the order of the form; parts of a later version last.
    pub fn in_order(&self) -> Vec<&Section> {
        let known = Part::ALL.into_iter().filter_map(|part| self.section(part));
        let is_newer = |one: &&Section| Part::of_word(&one.part).is_none();
        let newer = self.sections.iter().filter(is_newer);
        known.chain(newer).collect()
    }

    /// Takes over what stood in another row. What shows in Help now stays as it is chosen: no older choice opens
    /// anything.
    pub fn bring_back(&mut self, was: &Self) {
        self.sections.clone_from(&was.sections);
        self.people.clone_from(&was.people);
    }
}

fn of_person(person: &Person) -> Line {
    let number = person.dialled().unwrap_or_default();
    let name = person.name.trim();
    let said = person.number.trim();
    let words = match (name.is_empty(), said.is_empty()) {
        (false, false) => [name, ", ", said].concat(),
        (false, true) => name.to_owned(),
        (true, false) => said.to_owned(),
        (true, true) => person.note.trim().to_owned(),
    };
    Line {
        pick: Pick {
            of: person.id.to_string(),
            line: String::new(),
        },
        words,
        number,
    }
}

/// The rows of a plan, newest first.
pub fn newest_first(mut rows: Vec<MyPlan>) -> Vec<MyPlan> {
    order::by_key(&mut rows, |row| (-row.changed_at, row.id));
    rows
}

/// The rows that say no more than a later one does: what that was made from, on the same day. `rows` are newest
/// first, and `is_same_day` says whether two times are.
pub fn steps(rows: &[MyPlan], is_same_day: impl Fn(Millis, Millis) -> bool) -> Vec<Uuid> {
    let is_step = |row: &&MyPlan| {
        rows.iter().any(|later| {
            later.from == Some(row.id)
                && later.from_at == Some(row.changed_at)
                && is_same_day(row.changed_at, later.changed_at)
        })
    };
    let old = rows.iter().skip(1);
    old.filter(is_step).map(|row| row.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;

    const NOW: &str = "What helps me";

    fn plan(words: &str) -> MyPlan {
        let mut plan = MyPlan::default();
        plan.write(Part::WhatHelps, words, NOW);
        plan
    }

    fn mum(number: &str) -> Person {
        Person {
            id: Uuid::from_u128(9),
            name: "Mum".into(),
            number: number.into(),
            note: String::new(),
        }
    }

    fn said(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|line| line.words.as_str()).collect()
    }

    #[test]
    fn what_is_typed_is_kept_as_it_is_and_emptied_is_gone() {
        let typed = "  A walk,\n\nthe heron \u{202e}🐦 <b>";
        let mut plan = plan(typed);
        assert_eq!(plan.words(Part::WhatHelps), typed);
        let back: MyPlan = read(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(back, plan);
        plan.write(Part::WhatHelps, " \n", NOW);
        assert!(plan.is_empty());
    }

    #[test]
    fn a_part_of_a_later_version_is_kept() {
        let row = r#"{"id":"00000000-0000-0000-0000-000000000001","changed_at":5,
            "sections":[{"part":"pets","words":"The cat","heading":"Pets"}]}"#;
        let mut plan: MyPlan = read(row).unwrap();
        plan.write(Part::WhatHelps, "Tea", NOW);
        assert_eq!(plan.sections[0].words, "The cat");
        assert_eq!(plan.sections.len(), 2);
    }

    #[test]
    fn what_was_written_stays_under_its_heading_until_the_new_one_is_taken() {
        let mut plan = plan("Tea");
        assert!(!plan.is_offered(Part::WhatHelps, NOW));
        let newer = "Small things that help";
        assert!(plan.is_offered(Part::WhatHelps, newer));
        plan.write(Part::WhatHelps, "Tea, a walk", newer);
        assert_eq!(plan.section(Part::WhatHelps).unwrap().heading, NOW);

        plan.choose_heading(Part::WhatHelps, newer, false);
        assert!(!plan.is_offered(Part::WhatHelps, newer));
        assert!(plan.is_offered(Part::WhatHelps, "Yet newer"), "asked anew");
        plan.choose_heading(Part::WhatHelps, "Yet newer", true);
        assert_eq!(plan.section(Part::WhatHelps).unwrap().heading, "Yet newer");
        assert!(
            !plan.is_offered(Part::EarlySigns, "Whatever"),
            "nothing there"
        );
    }

    #[test]
    fn nothing_shows_in_help_now_but_what_was_picked_and_is_still_there_word_for_word() {
        let mut plan = plan("Tea\n\n Ring Mum \nTea");
        plan.put_person(mum("07700 900123"), "Who");
        assert_eq!(
            said(&plan.lines()),
            ["Tea", "Ring Mum", "Mum, 07700 900123"]
        );
        assert!(plan.shown().is_empty());
        for line in plan.lines().iter().skip(1) {
            plan.pick(&line.pick, true);
        }
        assert_eq!(said(&plan.shown()), ["Ring Mum", "Mum, 07700 900123"]);
        assert_eq!(plan.shown()[1].number, "07700900123");

        plan.write(Part::WhatHelps, "Tea\nRing Mum at the shop", NOW);
        assert_eq!(said(&plan.shown()), ["Mum, 07700 900123"]);
        assert_eq!(plan.lost()[0].line, "Ring Mum");
        plan.forget_lost();
        assert!(plan.lost().is_empty());

        plan.put_person(mum("07700 900124"), "Who");
        assert_eq!(
            said(&plan.shown()),
            ["Mum, 07700 900124"],
            "the number that is right now"
        );
        plan.remove_person(mum("").id);
        assert!(plan.shown().is_empty());
        assert_eq!(plan.section(Part::Contacts), None);
    }

    #[test]
    fn bringing_back_how_it_was_opens_nothing_that_is_not_open_now() {
        let mut was = plan("Tea\nA secret");
        for line in was.lines() {
            was.pick(&line.pick, true);
        }
        let mut now = plan("Tea");
        now.pick(&was.lines()[0].pick, true);
        now.bring_back(&was);
        assert_eq!(now.words(Part::WhatHelps), "Tea\nA secret");
        assert_eq!(said(&now.shown()), ["Tea"]);
    }

    #[test]
    fn what_is_shared_says_all_of_it_and_can_be_taken_over_again() {
        let mut mine = plan("Tea\u{7}\nA walk");
        mine.put_person(mum("07700 900123"), "Who");
        mine.changed_at = 7;
        let said = mine.content();
        assert_eq!(
            said.parts[0].words, "Tea\nA walk",
            "no character that a form refuses"
        );
        assert_eq!((said.people.len(), said.written_at), (1, 7));
        let back = MyPlan::of_content(&said, || Uuid::from_u128(9));
        assert_eq!(back.content(), said);
        assert!(MyPlan::default().content().parts.is_empty());
    }

    #[test]
    fn a_number_is_dialled_by_its_digits() {
        for (typed, number) in [
            (" +44 (0)7700 900-123", Some("+447700900123")),
            ("07700 900123 (after 5)", Some("07700900123")),
            ("116 123 or 999", Some("116123")),
            ("ring 0117.4960000 first", Some("01174960000")),
            ("at the shop", None),
            ("+", None),
            ("javascript:alert(1)", Some("1")),
        ] {
            assert_eq!(dialled(typed).as_deref(), number, "{typed}");
        }
    }

    #[test]
    fn of_one_day_only_the_last_stays_and_what_another_tab_wrote_beside_it() {
        const DAY: Millis = 86_400_000;
        let row = |id: u128, (from, from_at): (u128, Millis), changed_at| MyPlan {
            id: Uuid::from_u128(id),
            from: (from > 0).then(|| Uuid::from_u128(from)),
            from_at: Some(from_at),
            changed_at,
            ..MyPlan::default()
        };
        let rows = vec![
            row(1, (0, 0), 5),
            row(2, (1, 5), DAY + 1),
            row(3, (2, DAY + 1), DAY + 3),
            // The tab that began 3 went on in it since.
            row(4, (3, DAY + 2), DAY + 4),
            row(5, (4, DAY + 4), 2 * DAY),
        ];
        let rows = newest_first(rows);
        assert_eq!(rows[0].id, Uuid::from_u128(5));
        let gone = steps(&rows, |a, b| a / DAY == b / DAY);
        assert_eq!(gone, [Uuid::from_u128(2)], "1 and 4 were on other days");
    }
}
