//! Involvement groups: the page of each for everyone, and the way in. What its people write to each other is
//! [`inside`], a screen of its own that a PIN locks.

mod join;
mod lead;
mod leave;
mod people;
mod talk;
mod write;

use super::opportunity::typed;
use crate::{
    domain::{
        group::{Group, GroupState, Membership},
        id::GroupId,
        opportunity::{Opportunity, OpportunityState},
        record::kind,
    },
    lang::{
        Text, area_name,
        en::{group as words, state, take_part},
    },
    order,
    ui::{
        Ui,
        el::{El, el, live},
        local::{PageData, Rest, Seen, Sent},
        parts::{
            act::ask,
            card, fact, facts, heading, link,
            load::{Programme, Records, public, read, records, whenever},
            main_heading, main_link, p, quiet_button, second_link, soft, ticked, unsent_card,
        },
        when,
    },
};
use leptos::prelude::*;
pub(super) use people::{is_mine, isolated, muted, name_of, of};
pub(crate) use talk::page as inside;
use uuid::Uuid;
pub(super) use write::again;

/// Groups, and where this person belongs, kept fresh.
#[derive(Clone, Copy)]
pub(super) struct Groups {
    ui: Ui,
    groups: Records,
    mine: Records,
}

impl Groups {
    /// Loads both.
    pub(super) fn load(ui: Ui) -> Self {
        Self {
            ui,
            groups: records(ui, kind::GROUP),
            mine: records(ui, kind::MEMBERSHIP),
        }
    }

    /// All of them, in the order of their names.
    pub(super) fn all(self) -> Vec<(Uuid, Group)> {
        let mut all = public(self.ui, self.groups, on_page);
        order::by_key(&mut all, |(id, one)| (one.title.to_ascii_lowercase(), *id));
        all
    }

    /// One group.
    pub(super) fn group(self, id: Uuid) -> Option<Group> {
        let mut all = self.all().into_iter();
        all.find(|(found, _)| *found == id).map(|(_, found)| found)
    }

    /// Its name, or what stands for one that is not known here.
    pub(super) fn title(self, id: GroupId) -> String {
        self.group(id.0).map_or_else(
            || crate::lang::en::my_phone::GROUP_SOME.get().to_owned(),
            |one| one.title,
        )
    }

    /// How this person stands in it.
    pub(super) fn stands(self, id: Uuid) -> Stands {
        let mine = self.mine.with(|mine| {
            let mine = read::<Membership>(mine.as_deref().unwrap_or_default());
            mine.into_iter().find(|seen| seen.id == id)
        });
        stands(mine)
    }

    /// How this person stands in all of them: where they belong, or belonged a moment ago.
    pub(super) fn memberships(self) -> Option<Vec<Seen<Membership>>> {
        self.mine.with(|mine| Some(read(mine.as_deref()?)))
    }
}

fn on_page(page: &PageData) -> Vec<(Uuid, Group)> {
    Rest::of(page).groups
}

/// How a person stands in a group.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stands {
    /// They do not belong.
    Out,
    /// They asked to join on this phone, and what the server made of it has not come yet.
    Asked(Sent),
    /// They belong.
    In(Membership),
    /// They left on this phone, and it is not sent yet.
    Leaving(Sent),
    /// They left, and the record of it comes with the next page.
    Left,
}

fn stands(mine: Option<Seen<Membership>>) -> Stands {
    let Some(seen) = mine else {
        return Stands::Out;
    };
    match (seen.body.state.as_deref(), seen.body.person, seen.sent) {
        (Some("left"), _, Sent::Answered | Sent::OnServer) => Stands::Left,
        (Some("left"), _, sent) => Stands::Leaving(sent),
        (_, None, sent) => Stands::Asked(sent),
        (_, Some(_), _) => Stands::In(seen.body),
    }
}

#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    id: GroupId,
    groups: Groups,
    programme: Programme,
    /// What is asked for before it can be sent.
    ask: RwSignal<Option<Text>>,
}

/// The screen.
pub(crate) fn page(ui: Ui, id: GroupId) -> El {
    let it = Screen {
        ui,
        id,
        groups: Groups::load(ui),
        programme: Programme::load(ui),
        ask: RwSignal::new(None),
    };
    // The first part of the app, which names pages, knows no group.
    whenever(move || {
        if let Some(group) = it.groups.group(id.0) {
            document().set_title(&title(&group));
        }
    });
    el("div").with(live(move || match it.groups.group(id.0) {
        Some(group) => it.draw(&group),
        None => gone(),
    }))
}

/// The title of a group's page.
pub fn title(group: &Group) -> String {
    crate::lang::en::frame::PAGE_TITLE.fill(&[("page", &group.title)])
}

/// For an id that is not, or no more, known here.
fn gone() -> El {
    el("div")
        .class("page")
        .key("gone")
        .with(main_heading(words::GONE))
        .with(p(words::GONE_UNDER))
        .with(main_link("/take-part", take_part::SEE_ALL))
}

impl Screen {
    fn draw(self, group: &Group) -> El {
        let stands = self.groups.stands(self.id.0);
        let came = group.came_of_it.clone();
        let doing = self.doing();
        el("div")
            .class("page")
            .key("group")
            .with(el("p").class("tag").with(area_name(group.area)))
            .with(main_heading(group.title.clone()))
            .with(self.standing(group, &stands))
            .when(not_open(group.state).map(|state| card().class("card outline").with(p(state))))
            .with(typed(group.does.clone()))
            .with(facts(about(group)).class("facts card"))
            .when(came.as_ref().map(|_| heading(words::WHAT_CAME)))
            .when(came.map(typed))
            .when((!doing.is_empty()).then(|| heading(words::DOING)))
            .with(el("ul").class("cards").each(doing))
            .with(heading(words::AGREEMENT))
            .with(card().with(typed(group.agreement.text.clone())))
            .with(self.way_in(group, &stands))
            .with(second_link("/take-part", take_part::SEE_ALL))
    }

    /// Whether the page is the answer to the plain form.
    fn joined_plainly(self) -> bool {
        let page = self.ui.local.page;
        page.with_value(|page| page.form_done.as_deref() == Some("group"))
    }

    /// Where the person stands, at the top; for whoever does not belong, the way down to the way in.
    fn standing(self, group: &Group, stands: &Stands) -> El {
        let ui = self.ui;
        let open = || main_link(talk_path(self.id), words::OPEN);
        let shown = match stands {
            Stands::In(_) => card().key("in").with(ticked(words::IN_IT)).with(open()),
            Stands::Asked(sent) => asked(ui, *sent).when(matches!(sent, Sent::Answered).then(open)),
            Stands::Leaving(sent) => leaving(ui, *sent),
            Stands::Left => card().key("left").with(p(words::LEFT)),
            Stands::Out if self.joined_plainly() => card()
                .key("plain")
                .with(ticked(words::IN_IT_PLAIN))
                .with(open()),
            Stands::Out if group.state == GroupState::Open => link("#join", words::JOIN).key("way"),
            Stands::Out => el("div").key("out"),
        };
        el("div").attr("role", "status").with(shown)
    }

    /// What the group does that people sign up for.
    fn doing(self) -> Vec<El> {
        let sessions = self.programme.sessions();
        let of_this = |one: &Opportunity| {
            one.state == OpportunityState::Published
                && one.more().and_then(|more| more.group) == Some(self.id)
        };
        let all = self.programme.opportunities().into_iter();
        all.filter(|(_, one)| of_this(one))
            .map(|(id, one)| {
                let next = super::take_part::sessions_of(id, &sessions).next();
                let next = next.map(|(_, session)| soft(when::session_time(session)));
                let address = ["/take-part/", &id.to_string()].concat();
                el("li").key(id.to_string()).with(
                    card()
                        .with(el("h3").with(link(address, one.title)))
                        .when(next),
                )
            })
            .collect()
    }
}

fn about(group: &Group) -> Vec<El> {
    let backup = group.backup.as_deref();
    let backup = backup.map(|name| words::BACKUP_WHO.fill(&[("name", name)]));
    let about = [
        (words::FOR_WHOM, group.who_for.clone()),
        (words::MEETS, group.meets.clone()),
        (words::LED_BY, group.led_by.clone()),
        (words::BACKUP, backup),
    ];
    let about = about.into_iter();
    about
        .filter_map(|(term, words)| Some(fact(term, words?)))
        .collect()
}

fn not_open(state: GroupState) -> Option<Text> {
    match state {
        GroupState::Draft | GroupState::Open => None,
        GroupState::Paused => Some(words::PAUSED),
        GroupState::Ended => Some(words::OVER),
    }
}

/// The address of what its people write.
fn talk_path(id: GroupId) -> String {
    ["/take-part/groups/", &id.to_string(), "/talk"].concat()
}

/// The address of its page.
pub(super) fn path(id: GroupId) -> String {
    ["/take-part/groups/", &id.to_string()].concat()
}

/// They asked to join: how far that has come, and the free way back.
fn asked(ui: Ui, sent: Sent) -> El {
    let frame = match sent {
        Sent::Answered => return card().key("asked").with(ticked(words::IN_IT)),
        _ => unsent_card().key("asked").with(p(words::ASKED)),
    };
    let undo = match sent {
        Sent::NotYet(command) => Some(quiet_button(
            crate::lang::en::check_in::DONT_SEND,
            move || {
                ask(ui, |phone| phone.dont_send(command));
            },
        )),
        _ => None,
    };
    frame.with(soft(state::NOT_YET)).when(undo)
}

/// They left, and nobody knows yet.
fn leaving(ui: Ui, sent: Sent) -> El {
    let undo = match sent {
        Sent::TakingBack(command) => Some(quiet_button(words::DONT_LEAVE, move || {
            ask(ui, |phone| phone.dont_send(command));
        })),
        _ => None,
    };
    unsent_card()
        .key("leaving")
        .with(p(words::LEFT_WAITS))
        .when(undo)
}

/// On Take part: the groups, each with what it does in a line and when it meets.
pub(super) fn list(groups: Groups, shown: impl Fn(&Group) -> bool) -> Vec<El> {
    let all = groups.all().into_iter();
    all.filter(|(_, one)| one.state.goes_on() && shown(one))
        .map(|(id, one)| {
            let is_in = matches!(groups.stands(id), Stands::In(_));
            // The first line says enough to look further.
            let does = one.does.lines().next().unwrap_or_default().to_owned();
            el("li").key(id.to_string()).with(
                card()
                    .with(el("p").class("tag").with(area_name(one.area)))
                    .with(el("h3").with(link(path(GroupId(id)), one.title)))
                    .with(p(does).class("brief"))
                    .when(one.meets.map(soft))
                    .when(is_in.then(|| ticked(take_part::YOU_ARE_IN))),
            )
        })
        .collect()
}

/// On Take part: the way to what is written in each of the person's own.
pub(super) fn mine(groups: Groups) -> Vec<El> {
    let all = groups.all().into_iter();
    all.filter(|(id, _)| matches!(groups.stands(*id), Stands::In(_)))
        .map(|(id, one)| {
            let words = take_part::YOUR_GROUP.fill(&[("group", &one.title)]);
            second_link(talk_path(GroupId(id)), words).key(id.to_string())
        })
        .collect()
}

/// On Take part: what came of the work of those that are over.
pub(super) fn came_of(groups: Groups, shown: impl Fn(&Group) -> bool) -> Vec<El> {
    let all = groups.all().into_iter();
    all.filter(|(_, one)| one.state == GroupState::Ended && shown(one))
        .filter_map(|(id, one)| {
            let came = one.came_of_it?;
            Some(
                el("li").key(id.to_string()).with(
                    card()
                        .with(el("p").class("tag").with(area_name(one.area)))
                        .with(el("h3").with(link(path(GroupId(id)), one.title)))
                        .with(typed(came)),
                ),
            )
        })
        .collect()
}

/// On the page of an opportunity: the group that it is part of.
pub(super) fn named(groups: Groups, id: GroupId) -> Option<El> {
    let group = groups.group(id.0)?;
    Some(
        card()
            .with(soft(take_part::PART_OF))
            .with(link(path(id), group.title)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CommandId, PersonId};

    fn seen(person: bool, state: Option<&str>, sent: Sent) -> Option<Seen<Membership>> {
        Some(Seen {
            id: Uuid::from_u128(1),
            body: Membership {
                person: person.then(|| PersonId(Uuid::from_u128(2))),
                agreement: 1,
                since: None,
                leads: false,
                paused: None,
                state: state.map(str::to_owned),
            },
            sent,
        })
    }

    #[test]
    fn nobody_is_called_in_before_the_server_has_said_so_nor_out_before_it_knows() {
        let waits = Sent::NotYet(CommandId(Uuid::from_u128(3)));
        let back = Sent::TakingBack(CommandId(Uuid::from_u128(3)));
        assert_eq!(stands(None), Stands::Out);
        assert_eq!(stands(seen(false, Some(""), waits)), Stands::Asked(waits));
        assert!(matches!(
            stands(seen(true, None, Sent::OnServer)),
            Stands::In(_)
        ));
        // Saying yes to what is new does not put anybody out.
        assert!(matches!(stands(seen(true, Some(""), waits)), Stands::In(_)));
        assert_eq!(
            stands(seen(true, Some("left"), back)),
            Stands::Leaving(back)
        );
        assert_eq!(
            stands(seen(true, Some("left"), Sent::Answered)),
            Stands::Left
        );
    }
}
