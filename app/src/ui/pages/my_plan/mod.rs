//! My plan: written by the person, kept on this phone as they type, and shared only if they choose to.
//! Its parts stand under fragments of one address, so that nothing of it is in any request.

mod before;
mod form;
mod help;
mod paper;
mod people;
mod share;
mod write;

use crate::{
    domain::{
        my_plan::{self, MyPlan, Part},
        record::kind,
        time::Millis,
    },
    json,
    lang::en::{my_plan as words, tab},
    order,
    sync::rows::PLAN,
    ui::{
        Ui,
        el::{El, el, live},
        navigation::{self, focus_heading, soon},
        parts::{
            act::{ask, run},
            card,
            load::{Loaded, Records, load, records, whenever},
            p, page as screen, soft,
        },
    },
};
pub(super) use help::{follow, in_help_now};
use leptos::prelude::*;
pub(super) use paper::put as put_on_page;
use std::cell::Cell;
use uuid::Uuid;

/// The screen's address.
const PATH: &str = "/my-plan";

/// What the address shows of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// All of it, to read.
    All,
    /// One part, to write in.
    Write(Part),
    /// Somebody to contact; none for somebody new.
    Person(Option<Uuid>),
    /// Which lines show in Help now.
    Lines,
    /// Sharing it with the team.
    Share,
    /// How it was; none for the list.
    Before(Option<Uuid>),
}

impl View {
    fn of(fragment: &str) -> Self {
        let (name, id) = fragment.split_once('=').unwrap_or((fragment, ""));
        let id = id.parse().ok();
        match name {
            "#person" => Self::Person(id),
            "#lines" => Self::Lines,
            "#share" => Self::Share,
            "#before" => Self::Before(id),
            part => Part::of_word(part.trim_start_matches('#'))
                .filter(|part| *part != Part::Contacts)
                .map_or(Self::All, Self::Write),
        }
    }

    /// The fragment of the address that shows it.
    fn fragment(self) -> String {
        let of = |name: &str, id: Option<Uuid>| match id {
            Some(id) => [name, "=", &id.to_string()].concat(),
            None => name.to_owned(),
        };
        match self {
            Self::All => String::new(),
            Self::Write(part) => ["#", part.word()].concat(),
            Self::Person(id) => of("#person", id),
            Self::Lines => "#lines".to_owned(),
            Self::Share => "#share".to_owned(),
            Self::Before(id) => of("#before", id),
        }
    }
}

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    /// The rows as they are kept.
    rows: Loaded<Vec<(String, String)>>,
    /// The plan, with what was typed a moment ago; none until the phone has answered.
    plan: RwSignal<Option<MyPlan>>,
    /// Whether there is one by now: what is typed does not change that.
    is_here: RwSignal<bool>,
    /// The row that this screen writes; none before the first change.
    own: StoredValue<Option<Uuid>>,
    /// Whether that was kept yet, as far as was read: what was read before it was begun does not know it.
    is_kept: StoredValue<bool>,
    /// Whether another tab wrote since: what stands in a box here is not made from that.
    beside: StoredValue<bool>,
    /// What the organisation made of the form's words, and why.
    wording: Records,
    /// What was shared of it.
    shared: Records,
    /// What is asked for before it can be sent.
    ask: RwSignal<Option<String>>,
    /// Somebody new to contact, once something of them was typed.
    adding: StoredValue<Option<Uuid>>,
    /// What is asked before it is done.
    asked: RwSignal<bool>,
    /// What came of saving a file.
    said: RwSignal<Option<String>>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        rows: load(ui, |phone| phone.own(kind::PLAN)),
        plan: RwSignal::new(None),
        is_here: RwSignal::new(false),
        own: StoredValue::new(None),
        is_kept: StoredValue::new(false),
        beside: StoredValue::new(false),
        wording: records(ui, kind::WORDING),
        shared: records(ui, kind::PLAN),
        ask: RwSignal::new(None),
        adding: StoredValue::new(None),
        asked: RwSignal::new(false),
        said: RwSignal::new(None),
    };
    whenever(move || {
        if let Some(rows) = it.rows.get() {
            it.take_over(&read(&rows));
        }
    });
    let shown = Cell::new(false);
    whenever(move || {
        let view = ui.fragment.with(|fragment| View::of(fragment));
        if view == View::Share
            && let Some(phone) = ui.local.phone()
        {
            // Somebody may have read it since.
            phone.sync_now();
        }
        it.asked.set(false);
        it.ask.set(None);
        it.adding.set_value(None);
        if shown.replace(true) {
            it.keep_now();
            soon(focus_heading);
        }
    });
    el("div").with(live(move || it.draw()))
}

/// Rows of the plan, newest first.
fn read(rows: &[(String, String)]) -> Vec<MyPlan> {
    my_plan::newest_first(
        rows.iter()
            .filter_map(|(_, text)| json::read(text))
            .collect(),
    )
}

fn key(id: Uuid) -> String {
    [PLAN, &id.to_string()].concat()
}

impl Screen {
    fn draw(self) -> El {
        if !self.ui.open.get() {
            return self.closed();
        }
        if !self.is_here.get() {
            return screen(tab::MY_PLAN).key("loading");
        }
        let fragment = self.ui.fragment.get();
        // What is being written in is not drawn anew with each letter.
        match View::of(&fragment) {
            View::All => self.all().key("all"),
            View::Write(part) => untrack(|| self.write(part)).key(fragment),
            View::Person(id) => untrack(|| self.write_person(id)).key(fragment),
            View::Lines => self.lines().key("lines"),
            View::Share => self.share().key("share"),
            View::Before(id) => self.before(id).key(fragment),
        }
    }

    /// Before the app has opened: what there is to write about.
    fn closed(self) -> El {
        let parts = Part::ALL.map(|part| {
            card()
                .with(el("h2").with(form::heading(part)))
                .with(soft(form::hint(part)))
        });
        screen(tab::MY_PLAN)
            .key("closed")
            .with(p(words::INTRO))
            .with(soft(words::NEEDS_APP))
            .with(el("div").class("group").each(parts))
    }

    /// Takes what is kept, unless what is here is newer.
    fn take_over(self, rows: &[MyPlan]) {
        let here = self.plan.get_untracked().unwrap_or_default();
        let newest = rows.first().cloned().unwrap_or_default();
        let is_own = self.own.get_value() == Some(here.id);
        if is_own && rows.iter().any(|row| row.id == here.id) {
            self.is_kept.set_value(true);
        }
        let is_begun = is_own && !self.is_kept.get_value();
        let is_older = here.changed_at > newest.changed_at && !rows.is_empty();
        let is_first = !self.is_here.get_untracked();
        if is_first || !(here.id == newest.id || is_begun || is_older) {
            self.own.set_value(None);
            self.beside.set_value(!is_first);
            self.plan.set(Some(newest));
        }
        self.is_here.set(true);
        if is_first {
            self.let_steps_go(rows);
        }
    }

    /// Lets go of rows that say no more than a later one: as the screen opens, when no other is being written in.
    fn let_steps_go(self, rows: &[MyPlan]) {
        let Some(phone) = self.ui.local.phone() else {
            return;
        };
        let is_same_day = |a: Millis, b: Millis| phone.days_to(a) == phone.days_to(b);
        for step in my_plan::steps(rows, is_same_day) {
            ask(self.ui, |phone| phone.delete_draft(&key(step)));
        }
    }

    /// Changes the plan, and keeps it as typing is kept. Each sitting, and each day, has a row of its own.
    fn change(self, change: impl FnOnce(&mut MyPlan)) {
        let (Some(phone), Some(mut plan)) = (self.ui.local.phone(), self.plan.get_untracked())
        else {
            return;
        };
        let goes_on = self.own.get_value() == Some(plan.id) && phone.days_to(plan.changed_at) == 0;
        if !goes_on {
            let is_made_from = !plan.id.is_nil() && !self.beside.get_value();
            plan.from = is_made_from.then_some(plan.id);
            plan.from_at = plan.from.map(|_| plan.changed_at);
            self.beside.set_value(false);
            plan.id = phone.new_id();
            self.own.set_value(Some(plan.id));
            self.is_kept.set_value(false);
        }
        change(&mut plan);
        // Also where the clock was set back: what was changed last is the plan.
        plan.changed_at = phone.now().max(plan.changed_at + 1);
        phone.save_draft(&key(plan.id), json_of(&plan));
        help::show(self.ui, &plan);
        self.plan.set(Some(plan));
    }

    /// The same for a button: what it did is kept at once.
    fn press(self, change: impl FnOnce(&mut MyPlan)) {
        self.change(change);
        self.keep_now();
    }

    /// Keeps what was typed without the short rest: the person has gone on.
    fn keep_now(self) {
        if let Some(phone) = self.ui.local.phone() {
            // Reading what is kept writes what is not kept yet.
            let kept = phone.own(kind::PLAN);
            run(async move { drop(kept.await) });
        }
    }

    /// The plan as it is now; drawn anew whenever it changes.
    fn now(self) -> MyPlan {
        self.plan.get().unwrap_or_default()
    }

    /// Deletes it all: how it was too, and what shows in Help now. The newest row is emptied first: cut short, it
    /// neither shows anything nor lets an older one be the plan.
    fn delete(self) {
        let Some(phone) = self.ui.local.phone() else {
            return;
        };
        self.change(|plan| {
            *plan = MyPlan {
                id: plan.id,
                changed_at: plan.changed_at,
                ..MyPlan::default()
            }
        });
        run(async move {
            let deleted = async {
                let mut rows = phone.own(kind::PLAN).await?;
                // The emptied one last.
                order::by_key(&mut rows, |(_, text)| {
                    json::read::<MyPlan>(text).map_or(0, |row| row.changed_at)
                });
                for (key, _) in rows {
                    phone.delete_draft(&key).await?;
                }
                Ok(())
            };
            if let Err(problem) = deleted.await {
                self.ui.say(problem);
            }
        });
    }

    fn to_all(self) {
        navigation::go(self.ui, PATH);
    }
}

fn json_of(plan: &MyPlan) -> String {
    serde_json::to_string(plan).expect("a plan is texts and numbers, which always serialise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found_by_its_fragment_and_anything_else_is_all_of_it() {
        let id = Uuid::from_u128(5);
        let found = |view: View| View::of(&view.fragment()) == view;
        for part in [
            Part::EarlySigns,
            Part::WhatHelps,
            Part::VeryUnwell,
            Part::SmallThing,
        ] {
            assert!(found(View::Write(part)));
        }
        for view in [
            View::Person(None),
            View::Person(Some(id)),
            View::Lines,
            View::Share,
            View::Before(None),
            View::Before(Some(id)),
        ] {
            assert!(found(view));
        }
        for all in ["", "#", "#contacts", "#main", "#nonsense=1"] {
            assert!(View::of(all) == View::All, "{all}");
        }
    }
}
