//! Check in: how things are right now, kept on this phone unless the person shares it.
//!
//! The server draws only "Send to [team]", and only for a joined member with a team: "Only me" and its
//! button appear with the app, so a page can never send what was meant to stay (rule 2).

use super::checked_in::{self, Kept};
use crate::{
    domain::{
        check_in::{CONSENT_VERSION, Feeling, ShareCheckIn, Wants},
        id::{CheckInId, TeamId},
        team::Team,
    },
    lang::{
        Text,
        en::{check_in as words, contact as contact_words},
    },
    ui::{
        Ui,
        el::{El, el, live},
        local::PrivateCheckIn,
        navigation::{focus_heading, soon},
        parts::{
            act::ask_then,
            card, field,
            form::{Fields, fill, form_by_id, form_of, keep_draft, restore_draft},
            help_large, icon, link,
            load::whenever,
            p, page as screen, soft,
        },
        reading::Reads,
    },
};
use leptos::{prelude::*, web_sys::Event};

/// The draft's name.
pub(super) const FORM: &str = "check_in";
const FORM_ID: &str = "check-in";
const FIELDS: [&str; 8] = [
    "feeling",
    "note",
    "who",
    "wants",
    "contact_by",
    "contact_value",
    "safe_to_leave_message",
    "consent",
];

/// What the screen remembers while it is open.
#[derive(Clone, Copy)]
struct Screen {
    ui: Ui,
    /// Whether "[team]" is picked under "Who can see this?".
    share: RwSignal<bool>,
    /// What is asked for before it can be sent.
    ask: RwSignal<Option<String>>,
    /// What was kept or sent.
    kept: RwSignal<Option<Kept>>,
    /// Whether the draft was given back: once, or it would undo what was picked since.
    given_back: RwSignal<bool>,
}

/// The screen.
pub(crate) fn page(ui: Ui) -> El {
    let it = Screen {
        ui,
        share: RwSignal::new(false),
        ask: RwSignal::new(None),
        kept: RwSignal::new(None),
        given_back: RwSignal::new(false),
    };
    let sent = ui
        .local
        .page
        .with_value(|page| page.form_done.as_deref() == Some(FORM));
    if sent {
        return checked_in::sent_plain(ui);
    }
    whenever(move || {
        if ui.open.get() && !it.given_back.get_untracked() {
            it.take_over();
        }
    });
    el("div").with(live(move || match it.kept.get() {
        Some(kept) => checked_in::screen(ui, kept).key("kept"),
        None => it.question().key("question"),
    }))
}

/// The team that a check-in can be sent to: the phone's, or the page's until the phone says.
pub(super) fn team(ui: Ui) -> Option<(TeamId, Team)> {
    let on_phone = ui.local.status.with(|status| status.team.clone());
    let on_page = || {
        ui.local
            .page
            .with_value(|page| page.team.clone().filter(|_| page.joined))
    };
    on_phone.or_else(on_page)
}

impl Screen {
    fn question(self) -> El {
        let open = self.ui.open.get();
        let team = team(self.ui);
        if !open && team.is_none() {
            return needs_app();
        }
        let typed = self
            .ui
            .local
            .page
            .with_value(|page| page.form_values.clone());
        screen(words::QUESTION).with(self.form(team.as_ref(), open).filled(&typed))
    }

    fn form(self, team: Option<&(TeamId, Team)>, open: bool) -> El {
        let share = team.is_some() && (self.share.get() || !open);
        let page = self.ui.local.page.get_value();
        let ask = self.ask.get().or(page.form_problem);
        let name = team.map(|(_, team)| team.name.clone()).unwrap_or_default();
        // What stays on the phone stands in a form that no browser can send (rule 2).
        // The app asks for what is missing in its own words.
        let form = el("form")
            .attr("id", FORM_ID)
            .attr("autocomplete", "off")
            .flag("novalidate", open);
        let form = if share {
            form.attr("method", "post").attr("action", "/check-in")
        } else {
            form.attr("method", "dialog")
        };
        form.with(field::hidden(
            "form_id",
            page.form_id.map(|id| id.to_string()).unwrap_or_default(),
        ))
        .with(feelings())
        .with(field::long("note", words::NOTE, "note-watched"))
        .when((open && team.is_some()).then(|| who(&name, share)))
        .when(team.map(|(_, team)| sharing(self.ui, team).flag("hidden", !share)))
        .with(
            el("div")
                .attr("role", "alert")
                .when(ask.map(|ask| p(ask).class("card outline"))),
        )
        .with(if share {
            button("submit", words::SEND.fill(&[("team", &name)])).key("send")
        } else {
            button("button", words::KEEP.get().to_owned())
                .key("keep")
                .on("click", move |event| self.submitted(&event))
        })
        .on("input", move |event| self.typed(&event))
        .on("submit", move |event| self.submitted(&event))
    }

    /// The app has opened: gives the draft back. Who ticked "[team] can see this" before there was a
    /// choice goes on sharing.
    fn take_over(self) {
        let early = form_by_id(FORM_ID).map(|form| Fields::of(&form, &FIELDS));
        let shares = early.is_some_and(|fields| fields.is_ticked("consent"));
        restore_draft(self.ui, FORM.to_owned(), FORM_ID, move |form| {
            self.given_back.set(true);
            if shares {
                fill(form, &Fields(vec![("who".to_owned(), "team".to_owned())]));
            }
            self.follow(&Fields::of(form, &FIELDS));
        });
    }

    /// Keeps the draft, and shows what the choice of who can see it asks for.
    fn typed(self, event: &Event) {
        if let Some(form) = form_of(event) {
            let fields = Fields::of(&form, &FIELDS);
            keep_draft(self.ui, FORM, &fields);
            self.follow(&fields);
        }
    }

    fn follow(self, fields: &Fields) {
        let share = fields.get("who").as_deref() == Some("team");
        if self.share.get_untracked() != share {
            self.share.set(share);
        }
    }

    fn submitted(self, event: &Event) {
        event.prevent_default();
        let Some(form) = form_of(event) else { return };
        let fields = Fields::of(&form, &FIELDS);
        let Some(phone) = self.ui.local.phone() else {
            return;
        };
        let own = PrivateCheckIn {
            id: CheckInId(phone.new_id()),
            feeling: feeling(&fields),
            note: fields.get("note"),
            made_at: phone.now(),
            shared_as: None,
            answers: Vec::new(),
        };
        let Some((id, team)) = team(self.ui).filter(|_| self.share.get_untracked()) else {
            self.keep(own);
            return;
        };
        match share_of(&fields, (id, &team.name), CheckInId(phone.new_id()), &own) {
            Ok(share) => self.send(share, own),
            Err(ask) => self.ask.set(Some(ask)),
        }
    }

    fn keep(self, own: PrivateCheckIn) {
        let kept = Kept {
            feeling: own.feeling,
            shared_as: None,
        };
        let form = Some(FORM.to_owned());
        ask_then(
            self.ui,
            |phone| phone.keep(own, form),
            move |()| self.show(kept),
        );
    }

    fn show(self, kept: Kept) {
        self.kept.set(Some(kept));
        soon(focus_heading);
    }

    fn send(self, share: ShareCheckIn, own: PrivateCheckIn) {
        let shared_as = Some(share.check_in);
        let kept = Kept {
            feeling: own.feeling,
            shared_as,
        };
        let own = PrivateCheckIn { shared_as, ..own };
        let form = Some(FORM.to_owned());
        ask_then(
            self.ui,
            |phone| phone.share(share, own, form),
            move |_| self.show(kept),
        );
    }
}

/// The person's `own` check-in as it is shared with a team under the id `check_in`, with what the form
/// says about that; an error asks for what is missing.
pub(super) fn share_of(
    fields: &Fields,
    (team, name): (TeamId, &str),
    check_in: CheckInId,
    own: &PrivateCheckIn,
) -> Result<ShareCheckIn, String> {
    if !fields.is_ticked("consent") {
        return Err(words::CONSENT_NEEDED.fill(&[("team", name)]));
    }
    let contact = fields
        .contact()
        .map_err(|_| contact_words::VALUE_NEEDED.get().to_owned())?;
    let wants = match fields.get("wants").as_deref() {
        Some("message") => Wants::Message,
        Some("call") => Wants::Call,
        _ => Wants::Know,
    };
    if wants.asks_for_something() && contact.is_none() {
        return Err(words::CONTACT_NEEDED.get().to_owned());
    }
    Ok(ShareCheckIn {
        check_in,
        team,
        feeling: own.feeling,
        note: own.note.clone(),
        wants,
        contact,
        consent: CONSENT_VERSION,
    })
}

/// The form as it stood when `share` was sent: to change it and send it again.
pub(super) fn fields_of(share: &ShareCheckIn) -> Fields {
    let mut fields = Fields::default();
    fields.put("feeling", Some(feeling_value(share.feeling)));
    fields.put("note", share.note.as_deref());
    fields.put("who", Some("team"));
    let wants = match share.wants {
        Wants::Know => "know",
        Wants::Message => "message",
        Wants::Call => "call",
    };
    fields.put("wants", Some(wants));
    fields.put_contact(share.contact.as_ref());
    fields
}

/// A feeling's word.
pub(super) fn feeling_name(feeling: Option<Feeling>) -> Text {
    match feeling {
        Some(Feeling::Good) => words::GOOD,
        Some(Feeling::Ok) => words::OK,
        Some(Feeling::UpAndDown) => words::UP_AND_DOWN,
        Some(Feeling::Hard) => words::HARD,
        Some(Feeling::VeryHard) => words::VERY_HARD,
        None => words::RATHER_NOT,
    }
}

/// A feeling's value in the form; the one that the plain form's route reads too.
fn feeling_value(feeling: Option<Feeling>) -> &'static str {
    match feeling {
        Some(Feeling::Good) => "good",
        Some(Feeling::Ok) => "ok",
        Some(Feeling::UpAndDown) => "up_and_down",
        Some(Feeling::Hard) => "hard",
        Some(Feeling::VeryHard) => "very_hard",
        None => "",
    }
}

fn feeling(fields: &Fields) -> Option<Feeling> {
    let value = fields.get("feeling")?;
    let mut all = Feeling::ALL.into_iter();
    all.find(|feeling| feeling_value(Some(*feeling)) == value)
}

fn feelings() -> El {
    let all = Feeling::ALL.into_iter().map(Some).chain([None]);
    let choices = all.map(|feeling| {
        el("label")
            .class("feeling")
            .with(
                el("input")
                    .attr("type", "radio")
                    .attr("name", "feeling")
                    .attr("value", feeling_value(feeling)),
            )
            .with(icon::weather(feeling))
            .with(el("span").with(feeling_name(feeling)))
    });
    el("fieldset")
        .class("feelings")
        .with(el("legend").class("unseen").with(words::FEELINGS))
        .with(el("div").class("weather").each(choices))
}

fn who(team: &str, share: bool) -> El {
    let option = |value, name: String, picked: bool| {
        el("label")
            .class("half")
            .with(
                el("input")
                    .attr("type", "radio")
                    .attr("name", "who")
                    .attr("value", value)
                    .flag("checked", picked),
            )
            .with(icon::icon(icon::TICK))
            .with(el("span").with(name))
    };
    el("fieldset")
        .with(el("legend").with(words::WHO))
        .with(
            el("div")
                .class("halves")
                .with(option("me", words::ONLY_ME.get().to_owned(), true))
                .with(option("team", team.to_owned(), false)),
        )
        .when((!share).then(|| soft(words::ONLY_ME_MEANS)))
}

/// All that is said and asked before a check-in is shared (rules 6 and 7).
pub(super) fn sharing(ui: Ui, team: &Team) -> El {
    let named = [("team", team.name.as_str()), ("hours", team.hours.as_str())];
    el("div")
        .class("sharing")
        .with(who_reads(ui, team))
        .with(
            field::choices(words::WANTS, Some(words::WANTS_WHY))
                .with(field::choice("wants", "know", words::KNOW))
                .with(field::choice("wants", "message", words::MESSAGE))
                .with(field::choice("wants", "call", words::CALL)),
        )
        .with(field::contact(words::UNKNOWN))
        .with(field::must_tick("consent", words::CONSENT.fill(&named)))
}

/// Who will read what is shared and when, and what happens if somebody could be hurt (rule 6).
pub(super) fn who_reads(ui: Ui, team: &Team) -> El {
    let named = [("team", team.name.as_str()), ("hours", team.hours.as_str())];
    let next = match ui.reads(Some(team)) {
        Reads::Now(until) => Some(words::READS_NOW.fill(&[("until", &until)])),
        Reads::Next(next) => Some(words::NEXT_READS.fill(&[("next", &next)])),
        Reads::Hours(_) | Reads::Unknown => None,
    };
    let cover = team.cover.as_ref();
    card()
        .with(p(words::READS.fill(&named)))
        .when(next.map(p))
        .when(cover.map(|cover| p(words::COVER.fill(&[("cover", cover)]))))
        .with(p(words::IF_HURT))
        .with(p(words::IF_WORRIED))
}

fn button(kind: &'static str, words: String) -> El {
    el("button")
        .attr("type", kind)
        .class("button main")
        .with(words)
}

/// For someone who has not joined, before the app has opened: there is nothing that a page could do.
fn needs_app() -> El {
    screen(words::QUESTION)
        .with(
            card()
                .with(p(words::NEEDS_APP))
                .with(soft(words::NEEDS_APP_UNDER))
                .with(link("/check-in", crate::lang::en::frame::TRY_AGAIN)),
        )
        .with(help_large())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields(pairs.iter().map(owned).collect())
    }

    fn share(pairs: &[(&str, &str)]) -> Result<ShareCheckIn, String> {
        let id = Uuid::from_u128(1);
        let own = PrivateCheckIn {
            id: CheckInId(id),
            feeling: Some(Feeling::Hard),
            note: None,
            made_at: 0,
            shared_as: None,
            answers: Vec::new(),
        };
        share_of(
            &fields(pairs),
            (TeamId(id), "Harbour team"),
            CheckInId(id),
            &own,
        )
    }

    #[test]
    fn nothing_is_shared_without_the_tick() {
        let ask = share(&[("who", "team")]).unwrap_err();
        assert!(ask.contains("Harbour team"));
    }

    #[test]
    fn asking_for_a_call_asks_how_to_reach_the_person() {
        let ask = share(&[("consent", "yes"), ("wants", "call")]).unwrap_err();
        assert_eq!(ask, words::CONTACT_NEEDED.get());
        let sent = share(&[
            ("consent", "yes"),
            ("wants", "call"),
            ("contact_by", "phone"),
            ("contact_value", "07700 900001"),
        ]);
        assert_eq!(sent.unwrap().wants, Wants::Call);
    }

    #[test]
    fn every_feeling_is_read_back_from_its_own_value() {
        for one in Feeling::ALL {
            let read = feeling(&fields(&[("feeling", feeling_value(Some(one)))]));
            assert_eq!(read, Some(one));
            let wire = serde_json::to_string(&one).unwrap();
            assert_eq!(wire.trim_matches('"'), feeling_value(Some(one)));
        }
        assert_eq!(feeling(&fields(&[("feeling", "")])), None);
    }
}
