//! How the plan was on other days: to look at, to bring back, to delete.

use super::{
    Screen, View,
    form::{back_to_all, named, to_read},
    key, read,
};
use crate::{
    domain::my_plan::MyPlan,
    lang::en::my_plan as words,
    ui::{
        el::{El, el},
        parts::{
            act::{ask, sure},
            button, card, link, p, page as screen, quiet_button, second_link, soft,
        },
    },
};
use leptos::prelude::*;
use uuid::Uuid;

impl Screen {
    /// How it was, newest first.
    fn was(self) -> Vec<MyPlan> {
        let mut rows = read(&self.rows.get().unwrap_or_default());
        let now = self.plan.with(|plan| plan.as_ref().map(|plan| plan.id));
        rows.retain(|row| Some(row.id) != now && !row.is_empty());
        rows
    }

    /// Whether it ever was another.
    pub(super) fn has_before(self) -> bool {
        !self.was().is_empty()
    }

    /// The list, or one of them.
    pub(super) fn before(self, id: Option<Uuid>) -> El {
        let was = self.was();
        if let Some(one) = was.iter().find(|row| Some(row.id) == id) {
            return self.one(one);
        }
        let items: Vec<El> = was.iter().map(|row| self.item(row)).collect();
        let none = items.is_empty().then(|| card().with(p(words::BEFORE_NONE)));
        screen(words::BEFORE)
            .with(soft(words::BEFORE_INTRO))
            .when(none)
            .with(el("ul").class("cards").each(items))
            .with(back_to_all())
    }

    fn title(self, row: &MyPlan) -> String {
        let phone = self.ui.local.phone();
        let time = phone.map(|phone| phone.say_time(row.changed_at));
        words::BEFORE_AT.fill(&[("time", &time.unwrap_or_default())])
    }

    fn item(self, row: &MyPlan) -> El {
        let title = self.title(row);
        let look = link(View::Before(Some(row.id)).fragment(), words::BEFORE_LOOK);
        el("li").key(row.id.to_string()).with(
            card()
                .with(el("h2").with(title.clone()))
                .with(named(look, words::BEFORE_LOOK, &title)),
        )
    }

    /// Takes over how it was, in a row of its own: what is there now is how it was then.
    pub(super) fn bring_back(self, was: &MyPlan) {
        self.own.set_value(None);
        self.beside.set_value(true);
        self.press(|plan| plan.bring_back(was));
        self.to_all();
    }

    fn one(self, row: &MyPlan) -> El {
        let (id, was, asked) = (row.id, row.clone(), self.asked);
        let delete = if asked.get() {
            sure(
                [words::BEFORE_SURE, words::BEFORE_YES, words::BEFORE_NO],
                move || asked.set(false),
                move || {
                    ask(self.ui, |phone| phone.delete_draft(&key(id)));
                    crate::ui::navigation::go(self.ui, &[super::PATH, "#before"].concat());
                },
            )
        } else {
            quiet_button(words::BEFORE_DELETE, move || asked.set(true)).key("delete")
        };
        screen(self.title(row))
            .with(second_link(View::Before(None).fragment(), words::BEFORE))
            .with(el("div").class("group").each(to_read(row)))
            .with(button(words::BEFORE_BACK, move || self.bring_back(&was)))
            .with(soft(words::BEFORE_BACK_UNDER))
            .with(delete)
    }
}
