//! What changed because of what people said: the list, by kind of work, and one change. Both open for everyone, with
//! and without signal.

use super::{
    group::{self, Groups},
    opportunity::typed,
    take_part::kinds,
};
use crate::{
    domain::{
        change::{Change, ChangeKind, brief},
        id::ChangeId,
        opportunity::Area,
        record::kind,
    },
    lang::{
        Text, area_name,
        en::{tab, take_part, what_changed as words},
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{Millis, PageData, Rest, Seen},
        parts::{
            act::ask_then,
            button, card, empty, heading, link,
            load::{Records, public, read, records, whenever},
            main_heading, p, page as screen, second_link, soft,
        },
        when,
    },
};
use leptos::prelude::*;
use std::cmp::Reverse;
use uuid::Uuid;

/// How much of what people said names a change in the list, and how much of what was done stands under it.
const NAME: usize = 90;
const MORE: usize = 160;

/// What changed, kept fresh.
#[derive(Clone, Copy)]
struct Changes {
    ui: Ui,
    records: Records,
    /// When the screen came, by this phone's clock.
    since: RwSignal<Option<Millis>>,
}

impl Changes {
    fn load(ui: Ui) -> Self {
        let since = RwSignal::new(None);
        whenever(move || {
            if ui.open.get() {
                since.set(ui.local.phone().map(|phone| phone.now()));
            }
        });
        Self {
            ui,
            records: records(ui, kind::CHANGE),
            since,
        }
    }

    /// What the server's page brought, until the phone has heard from the server itself: the page may know one that
    /// the phone does not, and later the other way round.
    fn on_fresh_page(self) -> Vec<(Uuid, Change)> {
        let heard = self.ui.local.status.with(|status| status.last_synced_at);
        let is_older = |since: Millis| heard.is_some_and(|heard| heard >= since);
        if self.since.get().is_some_and(is_older) {
            return Vec::new();
        }
        self.ui.local.page.with_value(on_page)
    }

    /// Those that stand, newest first.
    fn standing(self) -> Vec<(Uuid, Change)> {
        let mut all = public(self.ui, self.records, on_page);
        all.retain(|(_, it)| it.replaced_by.is_none());
        order::by_key(&mut all, |(id, it)| Reverse((it.published_at.clone(), *id)));
        all
    }

    /// One of them, or one that was put right.
    fn one(self, id: Uuid) -> Option<Change> {
        let stored: Vec<Seen<Change>> = self
            .records
            .with(|records| read(records.as_deref().unwrap_or_default()));
        let stored = stored.into_iter().map(|seen| (seen.id, seen.body));
        let mut all = stored.chain(self.on_fresh_page());
        all.find(|(found, _)| *found == id).map(|(_, found)| found)
    }
}

fn on_page(page: &PageData) -> Vec<(Uuid, Change)> {
    Rest::of(page).changes
}

/// The list.
pub(crate) fn page(ui: Ui) -> El {
    let changes = Changes::load(ui);
    let only = RwSignal::new(None::<Area>);
    screen(tab::WHAT_CHANGED)
        .with(soft(words::INTRO))
        .with(live(move || {
            let all = changes.standing();
            kinds(ui, only, &|area| all.iter().any(|(_, it)| it.area == area))
        }))
        .with(live(move || list(&changes.standing(), only.get())))
}

fn list(all: &[(Uuid, Change)], only: Option<Area>) -> El {
    let of_kind = all.iter();
    let of_kind = of_kind.filter(|(_, it)| only.is_none_or(|area| it.area == area));
    let shown: Vec<El> = of_kind.map(|(id, it)| item(*id, it)).collect();
    let nothing = match (all.is_empty(), shown.is_empty()) {
        (true, _) => Some(
            empty(words::EMPTY)
                .key("none")
                .with(second_link("/take-part", take_part::SEE_ALL)),
        ),
        (false, true) => Some(empty(words::EMPTY_KIND).key("none_of_kind")),
        (false, false) => None,
    };
    el("div")
        .class("group")
        .attr("aria-live", "polite")
        .when(nothing)
        .with(el("ul").class("cards").each(shown))
}

/// The address of one.
fn path(id: Uuid) -> String {
    ["/what-changed/", &id.to_string()].concat()
}

fn item(id: Uuid, it: &Change) -> El {
    let came_of_it = match it.kind {
        ChangeKind::Done => fact_in_short(words::WE_DID, it.we_did.as_deref().unwrap_or_default()),
        ChangeKind::NotYet => fact_in_short(words::BECAUSE, &it.why),
    };
    el("li").with(
        card()
            .with(tags(it))
            .with(el("h2").with(link(path(id), brief(&it.you_said, NAME))))
            .with(came_of_it)
            .with(soft(told(it))),
    )
}

fn fact_in_short(term: Text, words: &str) -> El {
    el("p")
        .with(el("strong").with(term))
        .with(": ".to_owned())
        .with(el("bdi").with(brief(words, MORE)))
}

/// The kind of work, and that it could not be done so far.
fn tags(it: &Change) -> El {
    let not_yet = (it.kind == ChangeKind::NotYet).then(|| [" · ", words::NOT_YET.get()].concat());
    el("p")
        .class("tag")
        .with(area_name(it.area))
        .when(not_yet.map(|words| el("span").with(words)))
}

fn told(it: &Change) -> String {
    words::TOLD.fill(&[("date", &when::date(&it.published_at))])
}

/// One change.
pub(crate) fn one(ui: Ui, id: ChangeId) -> El {
    let changes = Changes::load(ui);
    let groups = Groups::load(ui);
    let sheet = RwSignal::new(None::<bool>);
    let shared = RwSignal::new(None::<String>);
    // The first part of the app, which names pages, knows no change.
    whenever(move || {
        if let Some(it) = changes.one(id.0) {
            document().set_title(&title(&it));
        }
    });
    whenever(move || {
        if ui.open.get() {
            let set = move |found: Vec<String>| sheet.set(found.first().map(|it| it == "sheet"));
            ask_then(ui, |phone| phone.aside("copy.sharing", Vec::new()), set);
        }
    });
    el("div")
        .with(live(move || match changes.one(id.0) {
            Some(it) => details(changes, &it),
            None => gone(),
        }))
        .with(live(move || {
            let it = changes.one(id.0);
            // What was put right is not passed on any more.
            let stands = it.is_some_and(|it| it.replaced_by.is_none());
            let share = stands.then(|| sheet.get()).flatten();
            el("div")
                .class("after")
                .attr("aria-live", "polite")
                .when(share.map(|sheet| sharing(ui, id.0, sheet, shared)))
                .when(shared.get().map(said_of_sharing))
        }))
        .with(live(move || {
            let group = changes.one(id.0).and_then(|it| it.group);
            let named = group.and_then(|group| group::named(groups, group));
            el("div")
                .class("after")
                .when(named)
                .with(second_link("/what-changed", words::ALL))
        }))
}

/// The title of the page of a change. It says nothing of what anybody said or did.
pub fn title(it: &Change) -> String {
    crate::lang::en::frame::PAGE_TITLE.fill(&[("page", name(it).get())])
}

fn name(it: &Change) -> Text {
    match it.kind {
        ChangeKind::Done => words::ONE_TITLE,
        ChangeKind::NotYet => words::NOT_YET_TITLE,
    }
}

/// For an id that is not, or no more, known here.
fn gone() -> El {
    el("div")
        .class("page")
        .key("gone")
        .with(main_heading(words::GONE))
        .with(p(words::GONE_UNDER))
}

fn details(changes: Changes, it: &Change) -> El {
    let put_right = it.replaced_by.map(|id| {
        card()
            .class("card outline")
            .with(p(words::PUT_RIGHT))
            .with(link(path(id.0), words::READ_NOW))
    });
    let before = it.replaces.filter(|id| changes.one(id.0).is_some());
    let before = before.map(|id| {
        p(words::SAID_BEFORE)
            .with(" ".to_owned())
            .with(link(path(id.0), words::READ_BEFORE))
    });
    let look_again = it.look_again.as_deref();
    let look_again = look_again.map(|day| words::LOOK_AGAIN.fill(&[("date", &when::date(day))]));
    let mut page = el("div")
        .class("page")
        .key("details")
        .with(el("p").class("tag").with(area_name(it.area)))
        .with(main_heading(name(it)))
        .when(put_right);
    for (heading_words, words) in texts(it) {
        let words = typed(words);
        let words = if heading_words == words::YOU_SAID {
            words.class("typed said")
        } else {
            words
        };
        page = page.with(heading(heading_words)).with(words);
    }
    page.when(look_again.map(p))
        .with(soft(told(it)))
        .when(before)
}

/// All that it says, in the order in which it is read.
fn texts(it: &Change) -> Vec<(Text, String)> {
    let said = (words::YOU_SAID, it.you_said.clone());
    let did = |heading: Text| it.we_did.clone().map(|did| (heading, did));
    let who = (words::WHO, it.who_took_part.clone());
    let [first, second] = match it.kind {
        ChangeKind::Done => [did(words::WE_DID), Some((words::WHY, it.why.clone()))],
        ChangeKind::NotYet => [
            Some((words::BECAUSE, it.why.clone())),
            did(words::DID_SO_FAR),
        ],
    };
    [Some(said), first, second, Some(who)]
        .into_iter()
        .flatten()
        .collect()
}

/// The phone's own way to share where it has one, else the clipboard.
fn sharing(ui: Ui, id: Uuid, sheet: bool, shared: RwSignal<Option<String>>) -> El {
    let label = if sheet {
        words::SHARE
    } else {
        words::COPY_ADDRESS
    };
    let press = move || {
        let with = vec![tab::WHAT_CHANGED.get().to_owned(), path(id)];
        let then = move |done: Vec<String>| shared.set(done.into_iter().next());
        ask_then(ui, |phone| phone.aside("copy.share", with), then);
    };
    el("div")
        .class("page")
        .with(button(label, press))
        .with(soft(words::SHARE_UNDER))
}

/// What came of it. Whoever shared it by the phone's own sheet, or thought better of it, knows that.
fn said_of_sharing(what: String) -> El {
    match what.as_str() {
        "shared" | "not" => el("p"),
        "copied" => p(words::COPIED),
        address => p(words::ADDRESS_IS.fill(&[("address", address)])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: ChangeKind, we_did: Option<&str>) -> Change {
        Change {
            area: Area::Wording,
            kind,
            you_said: "s".into(),
            we_did: we_did.map(str::to_owned),
            why: "y".into(),
            who_took_part: "w".into(),
            look_again: None,
            group: None,
            published_at: "2026-11-23T14:02:00.000Z".into(),
            replaces: None,
            replaced_by: None,
        }
    }

    #[test]
    fn what_was_done_comes_before_its_reason_and_what_was_not_after_it() {
        let order = |it: &Change| -> String {
            let texts = texts(it).into_iter();
            texts.map(|(_, words)| words).collect()
        };
        assert_eq!(order(&change(ChangeKind::Done, Some("d"))), "sdyw");
        assert_eq!(order(&change(ChangeKind::NotYet, Some("d"))), "sydw");
        assert_eq!(order(&change(ChangeKind::NotYet, None)), "syw");
        let headings = texts(&change(ChangeKind::NotYet, None));
        assert_eq!(headings[1].0, words::BECAUSE);
    }

    #[test]
    fn the_day_on_which_it_was_told_is_said_and_the_title_says_nothing_of_it() {
        let it = change(ChangeKind::Done, Some("d"));
        assert_eq!(told(&it), "Told on 23 November 2026.");
        assert_eq!(title(&it), "You said, we did · Chorus");
    }
}
