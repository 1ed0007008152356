//! The copy to read: one page of HTML that needs nothing else, for any browser and any printer. No
//! script is in it, and whatever was typed is escaped.

use super::markup::Page;
use crate::{
    copy::schema::{
        CopiedDraft, CopiedExperience, CopiedGroup, CopiedSignUp, CopiedSuggestion, Copy, HowFar,
        Shared, Waiting,
    },
    domain::{
        care::Message,
        check_in::{Feeling, Wants},
        contact::Contact,
        group::MessageState,
        id::CommandId,
        my_plan::MyPlan,
        peer::AskState,
        record::CheckIn,
        time::rfc3339,
        words::suggestion::{CommentState, SuggestionState},
    },
    lang::{
        Text,
        en::{
            care, check_in, check_ins as check_ins_words, copy as words, experience, in_group,
            my_phone, my_plan as my_plan_words, our_words, peer, sign_up, sign_ups, state, tab,
            tell,
        },
    },
    order,
    ui::{
        local::{PrivateCheckIn, Sent},
        pages::{
            check_in::feeling_name,
            experience::{came_to, stage_name},
            my_plan::put_on_page,
            plain,
            words::outcome,
        },
        progress::{self, SayTime},
    },
};
use serde_json::Value;

/// Fields of forms in which nobody writes words.
const CHOICES: [&str; 18] = [
    "stage",
    "about_staff",
    "person",
    "may_use",
    "may_reply",
    "show_about",
    "show_contact",
    "shown_as",
    "who",
    "wants",
    "consent",
    "contact_by",
    "safe_to_leave_message",
    "session",
    "access_needs_consent",
    "needs_again",
    "keep_needs",
    "travel_first",
];

/// The page. `say` says an RFC 3339 time in full.
pub(super) fn html(copy: &Copy, say: SayTime) -> String {
    let mut page = Page::new(words::TITLE);
    if let Some(name) = &copy.name {
        page.put("p", &words::OF_NAME.fill(&[("name", name)]));
    }
    if let Some(team) = &copy.team {
        page.put("p", &my_phone::TEAM.fill(&[("team", team)]));
    }
    page.fill(words::NEEDS_KEPT, "words", copy.needs.as_deref());
    page.put("p", &words::MADE_ON.fill(&[("time", &say(&copy.made_at))]));
    page.put("p", words::KEEP_SAFE.get());
    page.plans(copy, say);
    page.check_ins(copy, say);
    page.sign_ups(copy, say);
    page.groups(copy, say);
    page.our_words(copy, say);
    page.experiences(copy, say);
    page.peers(copy, say);
    page.drafts(copy, say);
    page.given_back(copy, say);
    page.waiting(copy, say);
    page.end()
}

/// A check-in: what the person has of it, and what the team has.
pub(super) type Both<'a> = (Option<&'a PrivateCheckIn>, Option<&'a Shared>);

/// Every check-in once, oldest first.
pub(super) fn check_ins(copy: &Copy) -> Vec<Both<'_>> {
    let shared_as = |id| copy.shared.iter().find(|one| Some(one.id) == id);
    let own = copy.check_ins.iter();
    let mut all: Vec<Both> = own
        .map(|one| (Some(one), shared_as(one.shared_as)))
        .collect();
    for shared in &copy.shared {
        if !copy
            .check_ins
            .iter()
            .any(|one| one.shared_as == Some(shared.id))
        {
            all.push((None, Some(shared)));
        }
    }
    order::by_key(&mut all, |both| made_at(both));
    all
}

fn made_at((own, shared): &Both) -> Option<String> {
    let own = own.map(|own| rfc3339(own.made_at));
    own.or_else(|| shared.and_then(|shared| shared.check_in.made_at.clone()))
}

impl Page {
    fn check_ins(&mut self, copy: &Copy, say: SayTime) {
        self.each(check_ins_words::TITLE, &check_ins(copy), |page, both| {
            let (own, shared) = *both;
            let record = shared.map(|shared| &shared.check_in);
            let feeling = own.map_or_else(
                || record.and_then(|record| record.feeling),
                |own| own.feeling,
            );
            let time = made_at(both).map(|at| say(&at)).unwrap_or_default();
            page.put("h3", &[&time, ": ", feeling_name(feeling).get()].concat());
            let note = own.and_then(|own| own.note.as_deref());
            let sent = record.and_then(|record| record.note.as_deref());
            page.typed(note.or(sent));
            // What was sent may say something else than what is kept.
            page.typed(sent.filter(|sent| note.is_some_and(|note| note != *sent)));
            match shared {
                Some(shared) => page.shared(&shared.check_in, shared.how_far, say),
                None => page.put("p.soft", check_ins_words::PRIVATE.get()),
            }
            let answers = own.map_or(&[][..], |own| &own.answers);
            page.thread(record.map_or(&[][..], |one| &one.messages), answers, say);
        });
    }

    /// The plan, and how it was; and what was shared of it. Most people have none.
    fn plans(&mut self, copy: &Copy, say: SayTime) {
        let standing = copy.shared_plans.iter().filter(|one| one.plan.stands());
        let standing: Vec<_> = standing.collect();
        if !standing.is_empty() {
            self.each(words::SHARED_PLAN, &standing, |page, one| {
                if let Some(at) = &one.plan.received_at {
                    let sent = my_plan_words::SHARE_SENT.fill(&[("time", &say(at))]);
                    page.put("p.soft", &sent);
                }
                let mut people = 0;
                let plan = MyPlan::of_content(&one.plan.content(), || {
                    people += 1;
                    uuid::Uuid::from_u128(people)
                });
                put_on_page(page, &plan);
            });
        }
        if copy.plans.is_empty() {
            return;
        }
        self.each(tab::MY_PLAN, &copy.plans, |page, plan: &MyPlan| {
            let at = say(&rfc3339(plan.changed_at));
            page.put("p.soft", &my_plan_words::WRITTEN_AT.fill(&[("time", &at)]));
            put_on_page(page, plan);
        });
    }

    fn shared(&mut self, record: &CheckIn, how_far: HowFar, say: SayTime) {
        for step in progress::check_in_steps(record, &sent(how_far), None, say) {
            self.put("p.soft", &step);
        }
        let wants = match record.wants {
            Wants::Know => None,
            Wants::Message => Some(check_in::MESSAGE),
            Wants::Call => Some(check_in::CALL),
        };
        self.fill(words::SHARED_WITH, "wants", wants.map(Text::get));
        self.contact(record.contact.as_ref());
        if let (Some(name), Some(at)) = (&record.copied_by, &record.copied_at) {
            let copied = care::COPIED.fill(&[("name", name), ("time", &say(at))]);
            self.put("p.soft", &copied);
        }
    }

    fn contact(&mut self, contact: Option<&Contact>) {
        self.fill(words::REACH, "value", contact.map(|one| one.value.as_str()));
    }

    fn thread(&mut self, said: &[Message], own: &[(String, String)], say: SayTime) {
        for one in said {
            let time = one.at.as_deref().map_or_else(String::new, say);
            let time = ("time", time.as_str());
            let head = match (&one.from, one.rang, &one.text, &one.at) {
                (Some(name), true, ..) => care::RANG.fill(&[("name", name), time]),
                (Some(name), ..) => care::SAID.fill(&[("name", name), time]),
                (None, _, None, _) => care::TAKEN_BACK.get().to_owned(),
                (None, .., None) => care::YOU_WROTE.get().to_owned(),
                (None, ..) => care::YOU_SAID.fill(&[time]),
            };
            self.put("p.soft", &head);
            self.typed(one.text.as_deref());
        }
        for (id, text) in own {
            let known = |one: &&Message| one.text.is_some() && one.id.to_string() == *id;
            if said
                .iter()
                .find(known)
                .is_none_or(|one| one.text.as_ref() != Some(text))
            {
                self.put("p.soft", care::YOU_WROTE.get());
                self.typed(Some(text));
            }
        }
    }

    fn sign_ups(&mut self, copy: &Copy, say: SayTime) {
        self.each(
            sign_ups::TITLE,
            &copy.sign_ups,
            |page, one: &CopiedSignUp| {
                page.put(
                    "h3",
                    one.title.as_deref().unwrap_or(sign_ups::SOMETHING.get()),
                );
                for line in [&one.when, &one.place].into_iter().flatten() {
                    page.put("p", line);
                }
                for step in progress::sign_up_steps(&one.sign_up, &sent(one.how_far), say) {
                    page.put("p.soft", &step);
                }
                page.contact(one.sign_up.contact.as_ref());
                page.fill(words::NEEDS, "words", one.sign_up.access_needs.as_deref());
                if one.sign_up.travel_first {
                    page.put("p", sign_up::TRAVEL_YES.get());
                }
                page.fill(words::ALSO, "words", one.sign_up.note.as_deref());
                page.fill(words::THEY_WROTE, "words", one.sign_up.message.as_deref());
            },
        );
    }

    fn groups(&mut self, copy: &Copy, say: SayTime) {
        let some = my_phone::GROUP_SOME.get();
        // Most people are in none.
        let groups: &[CopiedGroup] = &copy.groups;
        if groups.is_empty() {
            return;
        }
        self.each(words::GROUPS, groups, |page, one: &CopiedGroup| {
            page.put("h3", one.title.as_deref().unwrap_or(some));
            let since = one.membership.since.as_deref().map(say);
            page.fill(words::IN_GROUP_SINCE, "time", since.as_deref());
            for wrote in &one.wrote {
                let it = &wrote.message;
                let head = match (it.state, it.at.as_deref()) {
                    (MessageState::TakenBack, _) => care::TAKEN_BACK.get().to_owned(),
                    (_, Some(at)) => care::YOU_SAID.fill(&[("time", &say(at))]),
                    (_, None) => care::YOU_WROTE.get().to_owned(),
                };
                page.put("p.soft", &head);
                page.typed(it.words.as_deref());
                if it.state == MessageState::Hidden {
                    page.put("p", in_group::HIDDEN_OWN.get());
                    page.fill(in_group::HIDDEN_WHY, "words", it.why.as_deref());
                }
            }
        });
    }

    fn our_words(&mut self, copy: &Copy, say: SayTime) {
        // Most people have said nothing of this kind.
        if !copy.suggestions.is_empty() {
            self.each(words::OUR_WORDS, &copy.suggestions, |page, one| {
                page.suggestion(one, say);
            });
        }
        if !copy.comments.is_empty() {
            self.each(words::OUR_COMMENTS, &copy.comments, |page, one| {
                let head = match (one.comment.state, one.comment.at.as_deref()) {
                    (CommentState::TakenBack, _) => care::TAKEN_BACK.get().to_owned(),
                    (_, Some(at)) => care::YOU_SAID.fill(&[("time", &say(at))]),
                    (_, None) => care::YOU_WROTE.get().to_owned(),
                };
                page.put("p.soft", &head);
                page.typed(one.comment.words.as_deref());
            });
        }
    }

    fn suggestion(&mut self, one: &CopiedSuggestion, say: SayTime) {
        let it = &one.suggestion;
        let title = one.title.as_deref();
        self.put("h3", title.unwrap_or(our_words::TITLE.get()));
        if let Some(at) = &it.received_at {
            self.put("p.soft", &care::YOU_SAID.fill(&[("time", &say(at))]));
        }
        let parts = [
            (our_words::WAS, &it.was),
            (our_words::SAID_FEELS, &it.feels),
            (our_words::SAID_INSTEAD, &it.instead),
            (our_words::SAID_WHY, &it.why),
        ];
        for (name, said) in parts {
            if said.is_some() {
                self.put("p.soft", name.get());
                self.typed(said.as_deref());
            }
        }
        if it.state == SuggestionState::Withdrawn {
            self.put("p", our_words::TOOK_BACK.get());
        }
        for decision in it.decision.iter().chain(&it.after) {
            self.put("p", outcome(decision.outcome).get());
            self.fill(our_words::WHY_IS, "words", Some(&decision.reason));
            self.fill(our_words::NEW_WORDS, "words", decision.words.as_deref());
            self.fill(our_words::TOOK_PART, "words", Some(&decision.took_part));
        }
    }

    fn experiences(&mut self, copy: &Copy, say: SayTime) {
        if !copy.experiences.is_empty() {
            self.each(words::EXPERIENCES, &copy.experiences, |page, one| {
                page.experience(one, say);
            });
        }
    }

    fn experience(&mut self, one: &CopiedExperience, say: SayTime) {
        let it = &one.experience;
        self.put("h3", it.stage.map_or(experience::ONE, stage_name).get());
        if let Some(at) = &it.received_at {
            self.put("p.soft", &care::YOU_SAID.fill(&[("time", &say(at))]));
        }
        if !it.stands() {
            self.put("p", experience::TAKEN_BACK.get());
        }
        let story = one.story.as_ref();
        let parts = [
            (experience::GOOD, it.good.as_ref()),
            (experience::DIFFERENT, it.different.as_ref()),
            (experience::WHEN_ABOUT, it.when_about.as_ref()),
            (experience::USE_NAME, it.name.as_ref()),
            (words::STORY, story.and_then(|story| story.text.as_ref())),
            (experience::USE_NAME, story.and_then(|it| it.name.as_ref())),
        ];
        for (name, said) in parts {
            if said.is_some() {
                self.put("p.soft", name.get());
                self.typed(said.map(String::as_str));
            }
        }
        if let Some(link) = &it.link {
            self.put("p.soft", came_to(link.state).get());
            self.typed(Some(&link.words));
        }
        self.thread(&it.messages, &[], say);
    }

    /// Most people have asked for no peer.
    fn peers(&mut self, copy: &Copy, say: SayTime) {
        if !copy.peer_asks.is_empty() {
            self.each(peer::TITLE, &copy.peer_asks, |page, one| {
                let it = &one.ask;
                if let Some(at) = &it.received_at {
                    page.put("p.soft", &state::SENT_AT.fill(&[("time", &say(at))]));
                }
                for said in [&it.about, &it.suits, &it.not_with] {
                    page.typed(said.as_deref());
                }
                page.contact(it.contact.as_ref());
                page.fill(words::THEY_WROTE, "words", it.message.as_deref());
                if it.state == AskState::Withdrawn {
                    page.put("p", our_words::TOOK_BACK.get());
                }
            });
        }
        if !copy.peer_messages.is_empty() {
            self.each(words::TO_PEERS, &copy.peer_messages, |page, one| {
                let it = &one.message;
                let head = match (&it.words, it.at.as_deref()) {
                    (None, _) => care::TAKEN_BACK.get().to_owned(),
                    (_, Some(at)) => care::YOU_SAID.fill(&[("time", &say(at))]),
                    (_, None) => care::YOU_WROTE.get().to_owned(),
                };
                page.put("p.soft", &head);
                page.typed(it.words.as_deref());
            });
        }
    }

    fn drafts(&mut self, copy: &Copy, say: SayTime) {
        self.each(words::BEGUN, &copy.drafts, |page, one: &CopiedDraft| {
            page.put("h3", form_name(&one.form).get());
            let at = say(&rfc3339(one.changed_at));
            page.put("p.soft", &words::BEGUN_AT.fill(&[("time", &at)]));
            page.values(&one.fields);
        });
    }

    /// What stood in a form: the words of each field, also of one that this version does not know.
    fn values(&mut self, fields: &Value) {
        match fields {
            Value::Array(pairs) => {
                for pair in pairs {
                    match (pair.get(0).and_then(Value::as_str), pair.get(1)) {
                        // Choices and ticks, which are no words of the person's.
                        (Some(name), _) if CHOICES.contains(&name) => {}
                        (Some("feeling"), Some(Value::String(word))) => {
                            self.put("p", feeling_name(Feeling::of_word(word)).get());
                        }
                        (_, Some(Value::String(words))) => self.typed(Some(words)),
                        _ => {}
                    }
                }
            }
            Value::String(words) => self.typed(Some(words)),
            _ => {}
        }
    }

    fn given_back(&mut self, copy: &Copy, say: SayTime) {
        self.each(my_phone::GIVEN_BACK, &copy.given_back, |page, one| {
            let command = Waiting {
                id: one.id,
                kind: one.kind.clone(),
                body: one.body.clone(),
                made_at: one.made_at,
            };
            page.command(&command, say);
            page.fill(words::WHY_BACK, "words", Some(&one.message));
        });
    }

    fn waiting(&mut self, copy: &Copy, say: SayTime) {
        self.each(my_phone::WAITING, &copy.waiting, |page, one| {
            page.command(one, say)
        });
    }

    fn all_words(&mut self, json: &Value) {
        match json {
            Value::String(words) => self.typed(Some(words)),
            Value::Array(list) => list.iter().for_each(|one| self.all_words(one)),
            Value::Object(fields) => fields.values().for_each(|one| self.all_words(one)),
            _ => {}
        }
    }

    fn command(&mut self, one: &Waiting, say: SayTime) {
        let some = ("group", my_phone::GROUP_SOME.get());
        self.put("h3", &command_name(one).fill(&[some]));
        let made = say(&rfc3339(one.made_at));
        self.put("p.soft", &state::MADE_AT.fill(&[("time", &made)]));
        if one.command().is_none() {
            // Whatever it is, the words are in there.
            return self.all_words(&one.body);
        }
        let word = |name: &str| one.body.get(name).and_then(Value::as_str);
        self.typed(word("note"));
        self.typed(word("words"));
        self.typed(word("name"));
        self.typed(word("needs"));
        self.typed(word("feels"));
        self.typed(word("instead"));
        self.typed(word("why"));
        self.typed(word("about"));
        self.typed(word("suits"));
        self.typed(word("not_with"));
        self.fill(words::NEEDS, "words", word("access_needs"));
        let contact = one
            .body
            .get("contact")
            .and_then(|contact| contact.get("value"));
        self.fill(words::REACH, "value", contact.and_then(Value::as_str));
    }
}

fn form_name(form: &str) -> Text {
    match form.split('/').next().unwrap_or_default() {
        "check_in" => check_in::TITLE,
        "sign_up" => sign_up::TITLE,
        "answer" => my_phone::AN_ANSWER_BACK,
        "group_write" => in_group::WRITE,
        "group_report" => in_group::REPORT,
        "suggestion" | "comment" => our_words::TITLE,
        "experience" => tell::TITLE,
        "peer_ask" | "peer_write" | "peer_about" => peer::TITLE,
        "peer_worry" => my_phone::A_WORRY,
        _ => words::OTHER_FORM,
    }
}

fn command_name(one: &Waiting) -> Text {
    match one.kind.as_str() {
        "check_in.share" => my_phone::A_CHECK_IN,
        "check_in.withdraw" => my_phone::A_CHECK_IN_BACK,
        "check_in.answer" => my_phone::AN_ANSWER_BACK,
        "check_in.withdraw_answer" => my_phone::AN_ANSWER_BACK_GONE,
        "sign_up.request" => sign_up::TITLE,
        "sign_up.withdraw" => my_phone::A_SIGN_UP_BACK,
        "sign_up.accept_offer" | "sign_up.decline_offer" => my_phone::AN_ANSWER,
        "member.rename" => my_phone::A_NAME,
        "member.needs" => crate::lang::en::needs::TITLE,
        "device.sign_out" => crate::lang::en::phones::A_SIGN_OUT,
        "device.lost" => crate::lang::en::phones::A_LOSS,
        other => plain::name(other),
    }
}

fn sent(how_far: HowFar) -> Sent {
    // No command is named in a file.
    let none = CommandId(uuid::Uuid::nil());
    match how_far {
        HowFar::Sent => Sent::OnServer,
        HowFar::NotYet => Sent::NotYet(none),
        HowFar::TakingBack => Sent::TakingBack(none),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{copy::tests::SomePhone, ui::pages::copy::markup::escaped};

    fn page(copy: &Copy) -> String {
        html(copy, &|at| ["said ", at].concat())
    }

    #[test]
    fn the_copy_to_read_holds_every_word() {
        for seed in 0..300 {
            let phone = SomePhone::new(seed);
            let page = page(&phone.copy());
            for word in &phone.words {
                assert!(
                    page.contains(&escaped(word)),
                    "seed {seed}: {word:?} in {page}"
                );
            }
        }
    }

    #[test]
    fn nothing_that_was_typed_is_markup() {
        for seed in 0..100 {
            let page = page(&SomePhone::new(seed).copy());
            assert!(
                !page.contains("<script") && !page.contains("</script"),
                "seed {seed}"
            );
            assert_eq!(page.matches("</style>").count(), 1);
        }
    }

    #[test]
    fn a_shared_check_in_and_the_persons_copy_of_it_are_one() {
        let phone = (0..300).map(SomePhone::new).find(|phone| {
            let copy = phone.copy();
            copy.check_ins.iter().any(|own| {
                copy.shared
                    .iter()
                    .any(|shared| own.shared_as == Some(shared.id))
            })
        });
        let copy = phone.expect("some phone has both").copy();
        let both = copy.check_ins.len() + copy.shared.len();
        assert!(check_ins(&copy).len() < both);
    }
}
