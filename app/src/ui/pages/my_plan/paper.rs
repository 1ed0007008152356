//! The plan on paper, and as a file: a page that needs nothing else, for any browser and any printer.

use super::Screen;
use crate::{
    domain::{
        my_plan::{MyPlan, Part},
        time::rfc3339,
    },
    lang::en::{my_plan as words, tab},
    ui::{
        el::{El, el},
        local::Problem,
        pages::copy::markup::Page,
        parts::{
            act::{ask, run},
            button, p, soft,
        },
    },
};
use leptos::prelude::*;

impl Screen {
    /// The browser's own print, with a style for paper.
    pub(super) fn print(self) {
        ask(self.ui, |phone| phone.aside("plan.print", Vec::new()));
    }

    /// Saves it as a file.
    pub(super) fn save_as_file(self) -> El {
        let said = self.said.get();
        el("div")
            .class("group")
            .with(button(words::SAVE, move || self.save()))
            .with(soft(words::SAVE_UNDER))
            .with(el("div").attr("role", "status").when(said.map(p)))
    }

    fn save(self) {
        let (Some(phone), Some(plan)) = (self.ui.local.phone(), self.plan.get_untracked()) else {
            return;
        };
        let said = self.said;
        run(async move {
            let at = vec![rfc3339(plan.changed_at)];
            let saved = async {
                let at = phone.aside("copy.say", at).await?;
                let page = html(&plan, at.first().map_or("", String::as_str));
                let with = ["html", "text/html", &page, "", "my-plan"];
                let with = with.map(str::to_owned).to_vec();
                phone.aside("copy.save", with).await
            };
            match saved.await {
                Ok(file) => {
                    let file = file.into_iter().next().unwrap_or_default();
                    drop(said.try_set(Some(words::SAVED.fill(&[("file", &file)]))));
                }
                Err(Problem::Refused(why)) => drop(said.try_set(Some(why))),
                Err(problem) => self.ui.say(problem),
            }
        });
    }
}

/// The file; `at` says when it was last changed.
fn html(plan: &MyPlan, at: &str) -> String {
    let mut page = Page::new(tab::MY_PLAN);
    page.put("p.soft", &words::WRITTEN_AT.fill(&[("time", at)]));
    put(&mut page, plan);
    page.end()
}

/// What is written in a plan, by part.
pub(in crate::ui::pages) fn put(page: &mut Page, plan: &MyPlan) {
    for one in plan.in_order() {
        page.put("h3", &one.heading);
        page.typed(Some(one.words.as_str()).filter(|words| !words.is_empty()));
        if one.part == Part::Contacts.word() {
            for person in &plan.people {
                for words in [&person.name, &person.number, &person.note] {
                    page.typed(Some(words.as_str()).filter(|words| !words.is_empty()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::my_plan::Person;

    #[test]
    fn the_file_holds_every_word_and_nothing_typed_is_markup() {
        let mut plan = MyPlan::default();
        plan.write(
            Part::EarlySigns,
            "</style><script>x</script>",
            "Early <signs>",
        );
        let person = Person {
            name: "Mum & Dad".into(),
            number: "07700 900123".into(),
            note: "After \"tea\"".into(),
            ..Person::default()
        };
        plan.put_person(person, "Who to contact");
        let file = html(&plan, "Monday");
        for word in [
            "&lt;script&gt;x",
            "Early &lt;signs&gt;",
            "Mum &amp; Dad",
            "07700 900123",
            "After &quot;tea&quot;",
            "Monday",
        ] {
            assert!(file.contains(word), "{word} in {file}");
        }
        assert!(!file.contains("<script"));
    }
}
