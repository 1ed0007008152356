//! What others of the group said about a phrase: "this speaks for me too", and what the group says about it. For those
//! who belong to the group that works on the document.

use super::{
    Screen, View, is_waiting,
    mine::{decision, said, was},
    say, stands, typed,
};
use crate::{
    domain::{
        command::Command,
        group::Membership,
        id::{GroupId, PersonId, SuggestionId},
        words::suggestion::{
            Comment, CommentState, GroupSuggestion, Says, SuggestionState, Support,
        },
    },
    lang::en::{care, check_in, in_group, our_words as words, state},
    order,
    ui::{
        el::{El, el},
        local::{Seen, Sent},
        pages::group::{Stands, isolated, muted, name_of, of as people_of, path as group_path},
        parts::{act::ask, button, card, link, load::read, p, quiet_button, soft, ticked},
    },
};
use leptos::prelude::*;

/// One thing that somebody else said.
pub(super) fn one(it: Screen, view: &View, seen: &Seen<GroupSuggestion>) -> El {
    let one = &seen.body;
    let [feels, instead, why] = said(one.feels.as_ref(), one.instead.as_ref(), one.why.as_ref());
    let who = match &one.who {
        Some(who) => words::SOMEONE_SAID.fill(&[("name", &isolated(who))]),
        None => words::SOME_SAID.get().to_owned(),
    };
    let proposed = one.proposed.as_ref().map(|proposed| {
        el("div")
            .with(soft(words::PROPOSED).class("soft small"))
            .with(typed(proposed.clone()).class("typed said"))
    });
    let talked = one.state != SuggestionState::WithGroup;
    card()
        .key(seen.id.to_string())
        .with(el("h3").with(who))
        .when(was(view, one.phrase, &one.was))
        .when(feels)
        .when(instead)
        .when(why)
        .when(proposed)
        .when(talked.then(|| p(stands(one.state, None))))
        .when(one.decision.as_ref().map(decision))
        .with(it.voices(seen))
}

impl Screen {
    /// For how many it speaks, and what the group says about it.
    fn voices(self, seen: &Seen<GroupSuggestion>) -> El {
        let frame = el("div").class("group");
        let me = match self.groups.stands(seen.body.group.0) {
            Stands::In(me) => me,
            _ => return frame.key("out"),
        };
        let group = self.groups.group(seen.body.group.0);
        let may = group.as_ref().is_some_and(|group| {
            group.state.goes_on() && me.paused.is_none() && me.agreement >= group.agreement.version
        });
        let to_group = || link(group_path(seen.body.group), words::TO_GROUP);
        frame
            .key("in")
            .with(self.support(seen, may))
            .with(self.comments(seen, &me))
            .with(if may {
                self.write(seen).key("write")
            } else {
                el("div").key("may-not").with(to_group())
            })
    }

    /// "This speaks for me too": and for how many others it does.
    fn support(self, seen: &Seen<GroupSuggestion>, may: bool) -> El {
        let (ui, id) = (self.ui, SuggestionId(seen.id));
        let own = self.supports.with(|all| {
            let all = read::<Support>(all.as_deref().unwrap_or_default());
            all.into_iter().find(|own| own.id == seen.id)
        });
        let is_own = own
            .as_ref()
            .is_some_and(|own| own.body.state.as_deref() != Some("gone"));
        let waits = own
            .as_ref()
            .is_some_and(|own| is_waiting(own.sent) || matches!(own.sent, Sent::TakingBack(_)));
        let known = usize::try_from(seen.body.supports).unwrap_or_default();
        let others = known.saturating_sub(usize::from(is_own && !waits));
        let count = match (others, is_own) {
            (0, _) => None,
            (1, false) => Some(words::SPEAKS_ONE.get().to_owned()),
            (many, false) => Some(words::SPEAKS_MANY.fill(&[("count", &many.to_string())])),
            (1, true) => Some(words::SPEAKS_ONE_MORE.get().to_owned()),
            (many, true) => Some(words::SPEAKS_MANY_MORE.fill(&[("count", &many.to_string())])),
        };
        let act = move |says: fn(SuggestionId) -> Says| {
            let command = Command::from(says(id));
            ask(ui, |phone| phone.send(command, None));
        };
        let mine = is_own.then(|| ticked(words::SPEAKS_MINE));
        let press = match (is_own, may) {
            (true, _) => {
                Some(quiet_button(words::SPEAKS_NOT, move || act(Says::Unsupport)).key("not"))
            }
            (false, true) => Some(button(words::SPEAKS, move || act(Says::Support)).key("speaks")),
            (false, false) => None,
        };
        el("div")
            .class("group")
            .when(mine)
            .when(count.map(soft))
            .when(waits.then(|| soft(state::NOT_YET).class("soft small")))
            .when(press)
    }

    /// What the group says about it. Whose writing the person does not want to see is left out, and that is said.
    fn comments(self, seen: &Seen<GroupSuggestion>, me: &Membership) -> El {
        let group = seen.body.group;
        let mut all = self
            .comments
            .with(|all| read::<Comment>(all.as_deref().unwrap_or_default()));
        all.retain(|one| one.body.suggestion.0 == seen.id);
        order::by_key(&mut all, |one| {
            (one.body.at.is_none(), one.body.at.clone(), one.id)
        });
        let muted = self.muted(group);
        let is_muted =
            |one: &Seen<Comment>| one.body.person.is_some_and(|one| muted.contains(&one));
        let hidden = all.iter().filter(|one| is_muted(one)).count();
        all.retain(|one| !is_muted(one));
        let lines: Vec<El> = all.iter().map(|one| self.comment(group, one, me)).collect();
        el("div")
            .class("group")
            .with(el("ul").class("thread").each(lines))
            .when((hidden > 0).then(|| soft(words::MUTED_SOME).class("soft small")))
    }

    fn muted(self, group: GroupId) -> Vec<PersonId> {
        self.mutes
            .with(|mutes| muted(mutes.as_deref().unwrap_or_default(), group))
    }

    fn comment(self, group: GroupId, one: &Seen<Comment>, me: &Membership) -> El {
        let it = &one.body;
        let mine = it.person.is_none() || it.person == me.person;
        let waits = is_waiting(one.sent);
        let time = it.at.as_deref().map(|at| self.ui.say_time(at));
        let name = self.people.with(|people| {
            let people = people_of(people.as_deref().unwrap_or_default(), group);
            name_of(&people, it.person)
        });
        let head = match (mine, time) {
            (true, Some(time)) => care::YOU_SAID.fill(&[("time", &time)]),
            (true, None) => care::YOU_WROTE.get().to_owned(),
            (false, time) => {
                care::SAID.fill(&[("name", &name), ("time", &time.unwrap_or_default())])
            }
        };
        let class = match (mine, waits) {
            (false, _) => "",
            (true, false) => "own",
            (true, true) => "own unsent",
        };
        let line = el("li").key(one.id.to_string()).class(class);
        match it.state {
            CommentState::TakenBack if mine => {
                let waits = matches!(one.sent, Sent::TakingBack(_));
                return line
                    .with(soft(care::TAKEN_BACK).class("soft small"))
                    .when(waits.then(|| p(in_group::TAKING_BACK)));
            }
            CommentState::TakenBack => {
                let gone = in_group::TOOK_BACK.fill(&[("name", &name)]);
                return line.with(soft(gone).class("soft small"));
            }
            CommentState::Hidden => {
                let says = if mine {
                    in_group::HIDDEN_OWN
                } else {
                    in_group::HIDDEN
                };
                return line.with(soft(head).class("soft small")).with(p(says));
            }
            CommentState::Shown => {}
        }
        line.with(soft(head).class("soft small"))
            .when(it.words.clone().map(typed))
            .when((mine && waits).then(|| p(state::NOT_YET)))
            .when(mine.then(|| self.comment_back(one)))
    }

    fn comment_back(self, one: &Seen<Comment>) -> El {
        let (ui, id, about) = (self.ui, one.id, one.body.suggestion);
        match one.sent {
            Sent::NotYet(command) | Sent::Sending(command) => {
                quiet_button(check_in::DONT_SEND, move || {
                    ask(ui, |phone| phone.dont_send(command));
                })
                .key("dont-send")
            }
            _ => quiet_button(in_group::TAKE_BACK, move || {
                let back = Command::from(Says::TakeBackComment(about, id));
                ask(ui, |phone| phone.send(back, None));
            })
            .key("take-back"),
        }
    }

    /// The box for writing to the group about it; one at a time.
    fn write(self, seen: &Seen<GroupSuggestion>) -> El {
        let id = seen.id;
        if self.writing.get() == Some(id) {
            return el("div").with(say::comment(self.ui, SuggestionId(id), move || {
                self.writing.set(None);
            }));
        }
        el("div").with(quiet_button(words::COMMENT, move || {
            self.writing.set(Some(id));
            say::give_back_comment(self.ui, SuggestionId(id));
        }))
    }
}
