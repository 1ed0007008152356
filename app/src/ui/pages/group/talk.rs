//! In a group: what its people write to each other, newest last, with a box to write. It works with no signal, and
//! a PIN locks it.

use super::{
    Groups, Stands, asked, gone, leaving, path,
    people::{self, is_mine, name_of},
    typed,
    write::About,
};
use crate::{
    domain::{
        group::{Group, GroupAct, Membership, Message, MessageState, Person},
        id::{GroupId, PersonId},
        record::kind,
    },
    lang::{
        Text,
        en::{care, check_in, group as group_words, in_group as words, state},
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{Seen, Sent},
        parts::{
            act::ask,
            button, card, empty, heading, link,
            load::{Records, read, records, whenever},
            main_link, p, page as screen, quiet_button, second_link, soft,
        },
    },
};
use leptos::prelude::*;

/// So many of the newest are shown, and so many more at a press.
const SHOWN: usize = 50;
/// The first that is shown moves in such steps: what is open in a list does not close with each that comes.
const STEP: usize = 25;

#[derive(Clone, Copy)]
pub(super) struct Talk {
    pub(super) ui: Ui,
    pub(super) id: GroupId,
    groups: Groups,
    people: Records,
    messages: Records,
    mutes: Records,
    pub(super) reports: Records,
    /// The message that a form is open about.
    pub(super) about: RwSignal<Option<About>>,
    /// How many of the newest are wanted.
    wanted: RwSignal<usize>,
    /// Asked whether they are sure to leave.
    pub(super) leaving: RwSignal<bool>,
    /// What is asked for before it can be agreed.
    pub(super) ask: RwSignal<Option<Text>>,
}

/// All that is here, as one person sees it.
pub(super) struct View<'a> {
    pub(super) me: &'a Membership,
    pub(super) people: &'a [Seen<Person>],
    pub(super) messages: &'a [Seen<Message>],
    muted: &'a [PersonId],
    /// They lead, and their phone has a PIN.
    pub(super) can_lead: bool,
}

/// The screen.
pub(crate) fn page(ui: Ui, id: GroupId) -> El {
    let it = Talk {
        ui,
        id,
        groups: Groups::load(ui),
        people: records(ui, kind::GROUP_PERSON),
        messages: records(ui, kind::GROUP_MESSAGE),
        mutes: records(ui, kind::GROUP_MUTE),
        reports: records(ui, kind::GROUP_REPORT),
        about: RwSignal::new(None),
        wanted: RwSignal::new(SHOWN),
        leaving: RwSignal::new(false),
        ask: RwSignal::new(None),
    };
    // Whether what was begun stands in the box.
    let given_back = StoredValue::new(false);
    whenever(move || {
        // What others wrote since; and a PIN that was set a moment ago lets reports come.
        if let Some(phone) = ui.local.phone() {
            phone.sync_now();
        }
    });
    whenever(move || {
        if !it.can_write() {
            given_back.set_value(false);
        } else if !given_back.get_value() {
            it.take_over(move || given_back.set_value(true));
        }
    });
    el("div").with(live(move || match it.groups.group(id.0) {
        Some(group) => it.draw(&group),
        None => gone(),
    }))
}

impl Talk {
    /// Whether the box for writing is there.
    fn can_write(self) -> bool {
        let is_loaded = self.messages.with(Option::is_some)
            && self.people.with(Option::is_some)
            && self.mutes.with(Option::is_some);
        let group = self.groups.group(self.id.0);
        let (Some(group), Stands::In(me)) = (group, self.groups.stands(self.id.0)) else {
            return false;
        };
        is_loaded
            && group.state.goes_on()
            && me.paused.is_none()
            && me.agreement >= group.agreement.version
    }

    fn draw(self, group: &Group) -> El {
        let about = link(path(self.id), group_words::ABOUT);
        let page = screen(group.title.clone());
        if !self.ui.open.get() {
            return page.key("closed").with(empty(words::NEEDS_APP)).with(about);
        }
        let all = (self.people.get())
            .zip(self.messages.get())
            .zip(self.mutes.get())
            .zip(self.groups.memberships());
        let Some((((people, messages), mutes), _)) = all else {
            return page.key("loading");
        };
        let me = match self.groups.stands(self.id.0) {
            Stands::In(me) => me,
            Stands::Asked(sent) => {
                let coming = matches!(sent, Sent::Answered).then(|| p(words::COMING));
                return page
                    .key("asked")
                    .with(asked(self.ui, sent))
                    .when(coming)
                    .with(about);
            }
            Stands::Leaving(sent) => {
                return page
                    .key("leaving")
                    .with(leaving(self.ui, sent))
                    .with(second_link(
                        "/take-part",
                        crate::lang::en::take_part::SEE_ALL,
                    ));
            }
            Stands::Out | Stands::Left => {
                return page
                    .key("out")
                    .with(card().with(p(words::NOT_IN)))
                    .with(main_link(path(self.id), group_words::ABOUT));
            }
        };
        let has_pin = self.ui.local.status.with(|status| status.pin.set);
        let view = View {
            can_lead: me.leads && has_pin,
            me: &me,
            people: &people::of(&people, self.id),
            messages: &messages_of(&messages, self.id),
            muted: &people::muted(&mutes, self.id),
        };
        page.key("in")
            .with(about)
            .with(second_link("/our-words", crate::lang::en::our_words::TITLE))
            .with(self.to_look(group, &view))
            .with(self.talk(group, &view))
            .with(self.write(group, &me))
            .with(self.who(&me, view.people, view.muted))
            .with(self.leave(&me, view.messages))
    }

    /// The newest, and the way to those before.
    fn talk(self, group: &Group, view: &View) -> El {
        let total = view.messages.len();
        let first = total.saturating_sub(self.wanted.get()) / STEP * STEP;
        let shown = &view.messages[first..];
        let lines = lines(shown, view.muted);
        let lines = lines.into_iter().map(|line| match line {
            Line::Said(seen) => self.message(group, view, seen),
            Line::Muted(person, count) => self.muted_line(view, person, count),
        });
        let (wanted, more) = (self.wanted, total - first + SHOWN);
        let earlier =
            (first > 0).then(|| button(words::EARLIER, move || wanted.set(more)).key("earlier"));
        let to_newest = (shown.len() > 5).then(|| link("#newest", words::NEWEST));
        let nothing = (total == 0).then(|| soft(words::NOTHING));
        el("section")
            .class("group")
            .with(heading(words::TALK))
            .when(nothing)
            .when(to_newest)
            .when(earlier)
            .with(el("ul").class("thread").each(lines))
    }

    fn muted_line(self, view: &View, person: PersonId, count: usize) -> El {
        let name = name_of(view.people, Some(person));
        let line = if count == 1 {
            words::MUTED_ONE.fill(&[("name", &name)])
        } else {
            words::MUTED_MANY.fill(&[("name", &name), ("count", &count.to_string())])
        };
        el("li")
            .key(["muted", &person.to_string()].concat())
            .class("folded")
            .with(soft(line).class("soft small"))
            .with(self.unmute(person, &name))
    }

    fn message(self, group: &Group, view: &View, seen: &Seen<Message>) -> El {
        let it = &seen.body;
        let mine = is_mine(it, view.me.person);
        let name = name_of(view.people, it.person);
        let waits = mine && it.marked.is_none() && is_waiting(seen.sent);
        let class = match (mine, waits) {
            (false, _) => "",
            (true, false) => "own",
            (true, true) => "own unsent",
        };
        let head = if mine {
            own_head(self.ui, it)
        } else {
            head(self.ui, it, &name)
        };
        let line = el("li").key(seen.id.to_string()).class(class);
        let line = match it.state {
            MessageState::TakenBack if mine => {
                let waits = matches!(seen.sent, Sent::TakingBack(_));
                let waits = waits.then(|| p(words::TAKING_BACK));
                return line
                    .with(soft(care::TAKEN_BACK).class("soft small"))
                    .when(waits);
            }
            MessageState::TakenBack => {
                let gone = words::TOOK_BACK.fill(&[("name", &name)]);
                return line.with(soft(gone).class("soft small"));
            }
            MessageState::Hidden => line
                .with(soft(head.clone()).class("soft small"))
                .with(self.hidden(view, seen, mine)),
            MessageState::Shown => line.with(soft(head.clone()).class("soft small")).when(
                it.words
                    .clone()
                    .map(|words| typed(words).attr("dir", "auto")),
            ),
        };
        if mine {
            return line
                .when(waits.then(|| p(state::NOT_YET)))
                .with(self.way_back(seen));
        }
        let undone = it.marked.is_none() && is_waiting(seen.sent);
        line.when(undone.then(|| soft(state::NOT_YET).class("soft small")))
            .with(self.reported(seen))
            .with(self.more(group, view, seen, &head, &name))
    }

    /// What stands in the place of words that are out of sight.
    fn hidden(self, view: &View, seen: &Seen<Message>, mine: bool) -> El {
        let says = if mine {
            words::HIDDEN_OWN
        } else {
            words::HIDDEN
        };
        let why = seen.body.why.as_deref().filter(|_| mine || view.can_lead);
        let why = why.map(|why| typed(words::HIDDEN_WHY.fill(&[("words", why)])));
        let id = seen.id;
        let show = view.can_lead.then(|| {
            quiet_button(words::SHOW, move || {
                self.about_message(GroupAct::Show, id);
            })
        });
        el("div").with(p(says)).when(why).when(show)
    }

    /// "Don't send" while nothing has arrived for sure; else taking it back, at any time.
    fn way_back(self, seen: &Seen<Message>) -> El {
        let (ui, id) = (self.ui, seen.id);
        match seen.sent {
            Sent::NotYet(command) | Sent::Sending(command) if seen.body.marked.is_none() => {
                quiet_button(check_in::DONT_SEND, move || {
                    ask(ui, |phone| phone.dont_send(command));
                })
                .key("dont-send")
            }
            _ => quiet_button(words::TAKE_BACK, move || {
                self.about_message(GroupAct::TakeBack, id);
            })
            .key("take-back"),
        }
    }

    /// That they asked to have it looked at.
    fn reported(self, seen: &Seen<Message>) -> El {
        let ui = self.ui;
        if seen.body.marked.as_deref() != Some(GroupAct::Report.word()) {
            return el("div");
        }
        let waits = is_waiting(seen.sent).then(|| soft(state::NOT_YET).class("soft small"));
        let undo = match seen.sent {
            Sent::NotYet(command) => Some(quiet_button(words::DONT_ASK, move || {
                ask(ui, |phone| phone.dont_send(command));
            })),
            _ => None,
        };
        el("div")
            .attr("role", "status")
            .with(p(words::REPORTED))
            .when(waits)
            .when(undo)
    }

    /// What can be done about what somebody wrote.
    fn more(self, group: &Group, view: &View, seen: &Seen<Message>, head: &str, name: &str) -> El {
        let of = |act| About {
            message: seen.id,
            act,
            asked: false,
        };
        let (report, hide) = (of(GroupAct::Report), of(GroupAct::Hide));
        let open = self.about.get();
        if let Some(about) = open.filter(|open| *open == report || *open == hide) {
            return self.about_form(group, about);
        }
        let shown = seen.body.state == MessageState::Shown;
        let is_reported = seen.body.marked.as_deref() == Some(GroupAct::Report.word());
        let ask_look = (shown && !is_reported)
            .then(|| quiet_button(words::REPORT, move || self.open_about(report)).key("report"));
        let person = seen.body.person.filter(|one| !view.muted.contains(one));
        let mute = person.map(|person| self.mute(person, name));
        let hides = (shown && view.can_lead)
            .then(|| quiet_button(words::HIDE, move || self.open_about(hide)).key("hide"));
        if ask_look.is_none() && mute.is_none() && hides.is_none() {
            return el("div").key("no-more");
        }
        let label = [words::MORE.get(), ": ", head.trim_end_matches(':')].concat();
        el("details")
            .key("more")
            .class("more")
            .with(el("summary").attr("aria-label", label).with(words::MORE))
            .when(ask_look)
            .when(mute)
            .when(hides)
    }
}

/// Whether it is not known to have arrived.
fn is_waiting(sent: Sent) -> bool {
    matches!(sent, Sent::NotYet(_) | Sent::Sending(_))
}

/// Who wrote it, and when.
pub(super) fn head(ui: Ui, it: &Message, name: &str) -> String {
    let time = it
        .at
        .as_deref()
        .map_or_else(String::new, |at| ui.say_time(at));
    match &it.staff {
        Some(name) => words::STAFF_SAID.fill(&[("name", &people::isolated(name)), ("time", &time)]),
        None => care::SAID.fill(&[("name", name), ("time", &time)]),
    }
}

fn own_head(ui: Ui, it: &Message) -> String {
    match it.at.as_deref() {
        Some(at) => care::YOU_SAID.fill(&[("time", &ui.say_time(at))]),
        None => care::YOU_WROTE.get().to_owned(),
    }
}

/// The messages of this group in the order in which the server had them; what waits on this phone comes last.
fn messages_of(messages: &[Seen<String>], group: GroupId) -> Vec<Seen<Message>> {
    let mut messages = read::<Message>(messages);
    messages.retain(|one| one.body.group == group);
    order::by_key(&mut messages, |one| {
        (one.body.at.is_none(), one.body.at.clone(), one.id)
    });
    messages
}

/// What stands in the list.
#[derive(Debug, PartialEq)]
enum Line<'a> {
    /// A message.
    Said(&'a Seen<Message>),
    /// So many in a row of somebody whose writing they do not want to see.
    Muted(PersonId, usize),
}

fn lines<'a>(messages: &'a [Seen<Message>], muted: &[PersonId]) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    for one in messages {
        let person = one.body.person.filter(|person| muted.contains(person));
        match (person, lines.last_mut()) {
            (Some(person), Some(Line::Muted(last, count))) if *last == person => *count += 1,
            (Some(person), _) => lines.push(Line::Muted(person, 1)),
            (None, _) => lines.push(Line::Said(one)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{id::CommandId, time::rfc3339};
    use uuid::Uuid;

    const GROUP: GroupId = GroupId(Uuid::from_u128(1));

    fn person(id: u128) -> PersonId {
        PersonId(Uuid::from_u128(id))
    }

    fn said(id: u128, by: Option<u128>, at: Option<i64>) -> Seen<Message> {
        Seen {
            id: Uuid::from_u128(id),
            body: Message {
                group: GROUP,
                person: by.map(person),
                staff: None,
                words: Some("Hello".into()),
                at: at.map(rfc3339),
                state: MessageState::Shown,
                why: None,
                marked: None,
            },
            sent: if at.is_some() {
                Sent::OnServer
            } else {
                Sent::NotYet(CommandId(Uuid::from_u128(id)))
            },
        }
    }

    fn stored(seen: &Seen<Message>) -> Seen<String> {
        Seen {
            id: seen.id,
            body: serde_json::to_string(&seen.body).unwrap(),
            sent: seen.sent,
        }
    }

    #[test]
    fn messages_stand_as_they_came_and_what_waits_is_last() {
        let all = [
            said(5, None, None),
            said(3, Some(8), Some(2_000)),
            said(4, Some(9), Some(1_000)),
            said(2, Some(9), Some(2_000)),
        ];
        let mut stored: Vec<_> = all.iter().map(stored).collect();
        let mut other = said(6, Some(9), Some(1));
        other.body.group = GroupId(Uuid::from_u128(2));
        stored.push(super::tests::stored(&other));
        let ids: Vec<_> = messages_of(&stored, GROUP)
            .iter()
            .map(|one| one.id.as_u128())
            .collect();
        assert_eq!(ids, [4, 2, 3, 5]);
    }

    #[test]
    fn what_a_muted_person_wrote_in_a_row_is_one_line() {
        let all = [
            said(1, Some(8), Some(1)),
            said(2, Some(9), Some(2)),
            said(3, Some(9), Some(3)),
            said(4, None, None),
            said(5, Some(9), Some(4)),
        ];
        let lines = lines(&all, &[person(9)]);
        assert_eq!(
            lines,
            [
                Line::Said(&all[0]),
                Line::Muted(person(9), 2),
                Line::Said(&all[3]),
                Line::Muted(person(9), 1)
            ]
        );
    }

    #[test]
    fn what_waits_and_what_the_server_has_of_me_are_mine_and_staffs_words_are_nobodys() {
        let me = Some(person(8));
        assert!(is_mine(&said(1, None, None).body, me));
        assert!(is_mine(&said(1, Some(8), Some(1)).body, me));
        assert!(!is_mine(&said(1, Some(9), Some(1)).body, me));
        let mut staff = said(1, None, Some(1));
        staff.body.staff = Some("Priya".into());
        assert!(!is_mine(&staff.body, me));
    }
}
