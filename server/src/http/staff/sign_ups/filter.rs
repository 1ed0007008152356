//! What of the board is shown: in an address, in a form, and as links to the same of another list.

use crate::{
    db::{
        desk::{
            board::{self, After, Narrow, Of, Show},
            sign_ups::Line,
        },
        reach::Reach,
        sessions,
    },
    error::Error,
    http::staff::when,
    state::App,
};
use app::{
    domain::id::{OpportunityId, SessionId},
    lang::{
        Text,
        en::{board as words, desk as desk_words},
    },
};
use maud::{Markup, html};
use serde::Deserialize;

/// What is asked for. What is not asked for rightly is not asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    opportunity: String,
    #[serde(default)]
    session: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    after: String,
}

/// The same, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which list.
    pub show: Show,
    /// Of which opportunity.
    pub opportunity: Option<OpportunityId>,
    /// Of which session: one of the opportunity's.
    pub session: Option<SessionId>,
    /// The beginnings of words of a name.
    pub name: String,
    /// Where the page starts.
    pub after: Option<After>,
}

/// The longest name that is looked for.
const LONGEST: usize = 80;

impl Filter {
    /// Reads it.
    pub fn read(asked: &Asked) -> Self {
        let name: String = asked.name.trim().chars().take(LONGEST).collect();
        let show = Show::ALL.into_iter().find(|show| word(*show) == asked.show);
        // Who is looked for by name is looked for everywhere.
        let otherwise = if name.is_empty() {
            Show::New
        } else {
            Show::All
        };
        Self {
            show: show.unwrap_or(otherwise),
            opportunity: asked.opportunity.parse().ok(),
            session: asked.session.parse().ok(),
            after: read_after(&asked.after),
            name,
        }
    }

    /// From the fields of a form.
    pub fn of_fields(fields: &[(String, String)]) -> Self {
        let field = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        Self::read(&Asked {
            show: field("show"),
            opportunity: field("opportunity"),
            session: field("session"),
            name: field("name"),
            after: field("after"),
        })
    }

    /// A session's own opportunity, whatever was asked; a session of another one is not meant, nor is what is out
    /// of reach.
    ///
    /// # Errors
    /// What the database says.
    pub async fn settled(mut self, app: &App, reach: Reach) -> Result<Self, Error> {
        if let Some(id) = self.session {
            self.session = reached(reach.session(&app.db.pool, id).await)?.map(|()| id);
        }
        if let Some(id) = self.opportunity {
            self.opportunity = reached(reach.opportunity(&app.db.pool, id).await)?.map(|()| id);
        }
        let Some(id) = self.session else {
            return Ok(self);
        };
        match sessions::record(&mut *app.db.reader().await?, id).await {
            Ok(session) if self.opportunity.is_none_or(|it| it == session.opportunity) => {
                self.opportunity = Some(session.opportunity);
            }
            Ok(_) | Err(Error::NotFound) => self.session = None,
            Err(problem) => return Err(problem),
        }
        Ok(self)
    }

    /// What narrows each list.
    pub fn narrow(&self, reach: Reach) -> Narrow<'_> {
        let of = match (self.session, self.opportunity) {
            (Some(id), _) => Of::Session(id),
            (None, Some(id)) => Of::Opportunity(id),
            (None, None) => Of::Everything,
        };
        Narrow {
            reach,
            of,
            name: &self.name,
        }
    }

    /// Names and values, without what is not asked for.
    fn pairs(&self, show: Show, after: Option<&After>) -> Vec<(&'static str, String)> {
        let opportunity = self.opportunity.filter(|_| self.session.is_none());
        [
            ("show", Some(word(show).to_owned())),
            ("opportunity", opportunity.map(|id| id.to_string())),
            ("session", self.session.map(|id| id.to_string())),
            (
                "name",
                Some(self.name.clone()).filter(|name| !name.is_empty()),
            ),
            (
                "after",
                after.map(|after| format!("{}.{}", after.received_at, after.id)),
            ),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The address of another list, or of another page of it.
    pub fn href(&self, show: Show, after: Option<&After>) -> String {
        let pairs = self.pairs(show, after);
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)));
        format!("/staff/sign-ups?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    /// This very page.
    pub fn here(&self) -> String {
        self.href(self.show, self.after.as_ref())
    }

    /// The same in a form.
    pub fn hidden(&self) -> Markup {
        html! {
            @for (name, value) in self.pairs(self.show, self.after.as_ref()) {
                input type="hidden" name=(name) value=(value);
            }
        }
    }

    /// The form to choose with.
    ///
    /// # Errors
    /// What the database says.
    pub async fn form(&self, app: &App, reach: Reach) -> Result<Markup, Error> {
        let opportunities = board::opportunities(&app.db.pool, reach).await?;
        let listed = match self.opportunity {
            Some(id) => board::sessions(&app.db.pool, id).await?,
            None => Vec::new(),
        };
        let listed = listed.into_iter().map(|(id, start)| {
            let day = start.as_deref().map(when::say_civil);
            (id, day.unwrap_or_else(|| words::NO_TIME.get().to_owned()))
        });
        Ok(html! {
            form.row method="get" action="/staff/sign-ups" role="search" {
                input type="hidden" name="show" value=(word(self.show));
                (choose("opportunity", desk_words::FILTER_OPPORTUNITY, desk_words::FILTER_ALL,
                    self.opportunity.map(|id| id.to_string()).as_ref(), opportunities.into_iter()))
                @if self.opportunity.is_some() {
                    (choose("session", desk_words::SESSION, words::ALL_SESSIONS,
                        self.session.map(|id| id.to_string()).as_ref(), listed))
                }
                div.field {
                    label for="name" { (words::SEARCH.get()) }
                    input id="name" name="name" type="search" autocomplete="off" maxlength=(LONGEST) value=(self.name);
                }
                button.plain { (desk_words::FILTER_DO.get()) }
            }
        })
    }
}

/// None for what is not there.
fn reached<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn choose(
    name: &str,
    label: Text,
    all: Text,
    chosen: Option<&String>,
    options: impl Iterator<Item = (String, String)>,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label.get()) }
            select id=(name) name=(name) {
                option value="" { (all.get()) }
                @for (id, says) in options {
                    option value=(id) selected[chosen == Some(&id)] { (says) }
                }
            }
        }
    }
}

fn read_after(text: &str) -> Option<After> {
    let (received_at, id) = text.split_once('.')?;
    Some(After {
        received_at: received_at.parse().ok()?,
        id: id.to_owned(),
    })
}

/// The next page after these lines.
pub fn after(lines: &[Line]) -> Option<After> {
    lines.last().map(After::line)
}

/// A list in an address.
pub fn word(show: Show) -> &'static str {
    match show {
        Show::New => "new",
        Show::ToAnswer => "to-answer",
        Show::Waiting => "waiting",
        Show::Offered => "offered",
        Show::Placed => "placed",
        Show::Came => "came",
        Show::NotThere => "not-there",
        Show::Over => "over",
        Show::All => "all",
    }
}

/// The heading of each list, and its shorter name.
pub fn names(show: Show) -> (&'static str, &'static str) {
    let (title, tab) = match show {
        Show::New => (desk_words::LIST_NEW, desk_words::TAB_NEW),
        Show::ToAnswer => (desk_words::LIST_TO_ANSWER, desk_words::TAB_TO_ANSWER),
        Show::Waiting => (desk_words::LIST_WAITING, desk_words::TAB_WAITING),
        Show::Offered => (words::LIST_OFFERED, words::TAB_OFFERED),
        Show::Placed => (desk_words::LIST_PLACED, desk_words::TAB_PLACED),
        Show::Came => (words::LIST_CAME, words::LIST_CAME),
        Show::NotThere => (words::LIST_NOT_THERE, words::LIST_NOT_THERE),
        Show::Over => (words::LIST_OVER, desk_words::TAB_ENDED),
        Show::All => (words::LIST_ALL, words::TAB_ALL),
    };
    (title.get(), tab.get())
}

/// A value in a query.
fn escaped(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_asks_for_nothing_real_shows_what_is_new() {
        let asked = Asked {
            show: "everything".to_owned(),
            opportunity: "' or 1 = 1".to_owned(),
            session: "--".to_owned(),
            name: "  ".to_owned(),
            after: "yesterday".to_owned(),
        };
        assert_eq!(Filter::read(&asked), Filter::default());
    }

    #[test]
    fn an_address_reads_back() {
        let filter = Filter {
            show: Show::Came,
            opportunity: None,
            session: Some(SessionId(uuid::Uuid::nil())),
            name: "Ame & Bo".to_owned(),
            after: Some(After {
                received_at: 17,
                id: "a-b".to_owned(),
            }),
        };
        let fields: Vec<_> = filter.pairs(filter.show, filter.after.as_ref());
        let fields: Vec<_> = (fields.into_iter())
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        assert_eq!(Filter::of_fields(&fields), filter);
        assert!(filter.here().ends_with("&name=Ame%20%26%20Bo&after=17.a-b"));
    }

    #[test]
    fn who_is_looked_for_by_name_is_looked_for_in_every_list() {
        let fields = [("name".to_owned(), "femi".to_owned())];
        assert_eq!(Filter::of_fields(&fields).show, Show::All);
    }
}
