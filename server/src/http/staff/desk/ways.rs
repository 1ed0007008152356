//! The ways around the desk, in three parts: what people send, what is done together, and what is set up now and then.
//! Beside each stands how much waits there.

use super::{Desk, Way};
use crate::{
    db::{
        desk::{
            changes, check_ins, experiences, groups, peers, plans, sign_ups, words as our_words,
        },
        help_lines, learning,
        reach::Reach,
        safety::{records, settings},
        staff::Role,
    },
    error::Error,
};
use app::lang::{Text, en};
use maud::{Markup, html};

/// A way: where it leads, what it is called, and what waits there, if anything is counted.
struct To {
    way: Way,
    href: &'static str,
    name: Text,
    waits: Option<(i64, Text)>,
}

impl To {
    fn new(way: Way, href: &'static str, name: Text) -> Self {
        Self {
            way,
            href,
            name,
            waits: None,
        }
    }

    fn counting(self, count: i64, of: Text) -> Self {
        Self {
            waits: Some((count, of)),
            ..self
        }
    }
}

impl Desk {
    /// All that open for whoever is signed in.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn ways(&self, here: Way, live: bool) -> Result<Markup, Error> {
        let sent = self.sent().await?;
        let together = self.together().await?;
        let set_up = self.set_up().await?;
        let due: i64 = set_up
            .iter()
            .filter_map(|to| to.waits.as_ref())
            .map(|(count, _)| count)
            .sum();
        Ok(html! {
            div id="ways" data-live[live] {
                (part("ways-sent", en::desk::WAYS_SENT, here, &sent))
                (part("ways-together", en::desk::WAYS_TOGETHER, here, &together))
            }
            @if !set_up.is_empty() {
                details open[set_up.iter().any(|to| to.way == here)] {
                    summary.part {
                        (en::desk::WAYS_SET_UP.get())
                        (count((due, en::help_lines::COUNT_DUE)))
                    }
                    (list(None, here, &set_up))
                }
            }
        })
    }

    async fn sent(&self) -> Result<Vec<To>, Error> {
        let db = &self.app.db.pool;
        let new_sign_ups = sign_ups::count_new(db, self.reach).await?;
        let mut ways = vec![
            To::new(Way::SignUps, "/staff/sign-ups", en::desk::SIGN_UPS)
                .counting(new_sign_ups, en::desk::COUNT_NEW),
        ];
        if self.reach != Reach::All {
            if self.reach.may_match(db).await? {
                let waiting = peers::count_waiting(db, self.staff.id).await?;
                ways.push(
                    To::new(Way::Peers, "/staff/peers", en::peers::TITLE)
                        .counting(waiting, en::peers::COUNT_WAITING),
                );
            }
            return Ok(ways);
        }
        let [new_check_ins, ..] = check_ins::counts(db, self.staff.id).await?;
        let new_plans = plans::count_new(db, self.staff.id).await?;
        let [_, new_experiences, ..] = experiences::counts(db, self.staff.id).await?;
        let waiting = peers::count_waiting(db, self.staff.id).await?;
        ways.extend([
            To::new(Way::CheckIns, "/staff/check-ins", en::desk::CHECK_INS)
                .counting(new_check_ins, en::desk::COUNT_NEW),
            To::new(Way::Plans, "/staff/plans", en::plans::TITLE)
                .counting(new_plans, en::desk::COUNT_NEW),
            To::new(
                Way::Experiences,
                "/staff/experiences",
                en::experiences::TITLE,
            )
            .counting(new_experiences, en::experiences::COUNT_NEW),
            To::new(Way::Peers, "/staff/peers", en::peers::TITLE)
                .counting(waiting, en::peers::COUNT_WAITING),
        ]);
        if settings::is_reader(db, self.staff.id).await? {
            let new_records = records::count_new(db, self.staff.id).await?;
            ways.push(
                To::new(Way::Safety, "/staff/safety", en::safety::RECORDS)
                    .counting(new_records, en::safety::COUNT_NEW),
            );
        }
        Ok(ways)
    }

    async fn together(&self) -> Result<Vec<To>, Error> {
        let db = &self.app.db.pool;
        let reported = groups::count_reported(db, self.staff.id).await?;
        let new_words = our_words::count_new(db, self.reach).await?;
        let look_again = changes::count_look_again(db, self.reach, &self.clock.today()).await?;
        let to_read = learning::count_to_read(db, self.staff.id).await?;
        let mut ways = vec![
            To::new(
                Way::Opportunities,
                "/staff/opportunities",
                en::programme::TITLE,
            ),
            To::new(Way::Groups, "/staff/groups", en::groups::TITLE)
                .counting(reported, en::groups::COUNT_REPORTED),
            To::new(Way::Words, "/staff/words", en::words::TITLE)
                .counting(new_words, en::words::COUNT_NEW),
            To::new(Way::Changes, "/staff/changes", en::changes::TITLE)
                .counting(look_again, en::changes::COUNT_AGAIN),
            To::new(Way::Learning, "/staff/learning", en::learning::TITLE)
                .counting(to_read, en::learning::COUNT_TO_READ),
        ];
        ways.extend(match self.reach {
            Reach::All => vec![
                To::new(Way::Themes, "/staff/themes", en::themes::TITLE),
                To::new(Way::Impact, "/staff/impact", en::impact::TITLE),
            ],
            Reach::Led(_) => vec![mail()],
        });
        Ok(ways)
    }

    /// Nothing of it is for leads.
    async fn set_up(&self) -> Result<Vec<To>, Error> {
        if self.reach != Reach::All {
            return Ok(Vec::new());
        }
        let lines_due = help_lines::count_due(&self.app.db.pool, &self.clock.today()).await?;
        let mut ways = vec![
            To::new(Way::People, "/staff/people", en::people::TITLE),
            To::new(Way::JoinCodes, "/staff/join-codes", en::join_codes::TITLE),
            To::new(Way::HelpNow, "/staff/help-now", en::help_lines::TITLE)
                .counting(lines_due, en::help_lines::COUNT_DUE),
        ];
        if self.staff.role == Role::Admin {
            ways.extend([
                To::new(Way::Teams, "/staff/teams", en::desk::TEAMS),
                To::new(Way::Accounts, "/staff/accounts", en::accounts::TITLE),
                To::new(Way::Audit, "/staff/audit", en::desk::AUDIT),
                To::new(
                    Way::SafetySettings,
                    "/staff/safety/settings",
                    en::safety::SETTINGS,
                ),
                To::new(
                    Way::Independents,
                    "/staff/experiences/settings",
                    en::independents::TITLE,
                ),
                To::new(Way::Retention, "/staff/retention", en::retention::TITLE),
            ]);
        }
        ways.push(mail());
        Ok(ways)
    }
}

fn mail() -> To {
    To::new(Way::Mail, "/staff/mail", en::mail::TITLE)
}

fn part(id: &str, name: Text, here: Way, ways: &[To]) -> Markup {
    html! {
        p.part id=(id) { (name.get()) }
        (list(Some(id), here, ways))
    }
}

fn list(called: Option<&str>, here: Way, ways: &[To]) -> Markup {
    html! {
        ul.ways aria-labelledby=[called] {
            @for to in ways {
                li {
                    a href=(to.href) aria-current=[(to.way == here).then_some("page")] {
                        (to.name.get())
                        @if let Some(waits) = to.waits { (count(waits)) }
                    }
                }
            }
        }
    }
}

/// How much waits, and of what for those who cannot see where it stands; nothing where nothing does.
fn count((count, of): (i64, Text)) -> Markup {
    html! {
        @if count > 0 {
            " " span.count { (count) span.unseen { " " (of.get()) } }
        }
    }
}
