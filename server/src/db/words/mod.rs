//! Our words as stored: documents and their versions here, what people say about them in [`suggestions`], what the
//! people of a group say to that in [`voices`]; and what phones are told of it all.

pub mod suggestions;
pub mod voices;

use super::{
    feed::{self, Entry, PUBLIC},
    groups::group_scope,
    word::{json, read_id, read_json, read_word, word},
};
use crate::error::Error;
use app::domain::{
    id::{DocumentId, GroupId, PhraseId, StaffId},
    record::kind,
    text,
    time::Millis,
    words::{Document, DocumentKind, DocumentState, Phrase, suggestion::KnownDocument},
};
use sqlx::{AnyConnection, Row, query};

/// What is written about a document, beside its phrases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Its name.
    pub title: String,
    /// What it is for.
    pub about: Option<String>,
    /// The group that works on it.
    pub group: Option<GroupId>,
    /// Whether that group alone reads it.
    pub only_group: bool,
    /// Whether something can be said about it.
    pub state: DocumentState,
}

/// A document as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its id.
    pub id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
    /// What is written about it.
    pub details: Details,
    /// Of the app's own words: which section of the language file.
    pub section: Option<String>,
    /// The newest version.
    pub version: u32,
    /// The phrases of the newest version.
    pub phrases: Vec<Phrase>,
    /// Those of the next one, as far as it is begun.
    pub draft: Option<Vec<Phrase>>,
    /// Goes up whenever anything of it is written.
    pub edit: i64,
}

impl DocumentRow {
    /// What phones are told.
    pub fn record(&self) -> Document {
        Document {
            title: self.details.title.clone(),
            about: self.details.about.clone(),
            kind: self.kind,
            group: self.details.group,
            version: self.version,
            state: self.details.state,
            phrases: self.phrases.clone(),
        }
    }

    /// What the rules go by.
    pub fn known(&self) -> KnownDocument {
        KnownDocument {
            state: self.details.state,
            group: self.details.group,
            only_group: self.details.only_group,
        }
    }

    /// A phrase of the newest version.
    pub fn phrase(&self, id: PhraseId) -> Option<&Phrase> {
        self.phrases.iter().find(|phrase| phrase.id == id)
    }

    /// The phrases that the next version begins with.
    pub fn next(&self) -> &[Phrase] {
        self.draft.as_deref().unwrap_or(&self.phrases)
    }

    /// Where its record is. Without a group everyone reads it.
    pub fn scope(&self) -> String {
        match self.details.group {
            Some(group) if self.details.only_group => group_scope(group),
            _ => PUBLIC.to_owned(),
        }
    }
}

/// A document; none if there is none.
///
/// # Errors
/// What the database says.
pub async fn find(
    connection: &mut AnyConnection,
    id: DocumentId,
) -> Result<Option<DocumentRow>, Error> {
    let row = query(
        "select d.kind, d.title, d.about, d.group_id, d.only_group, d.section, d.state, d.version, \
         d.draft, d.edit, v.phrases from documents d join document_versions v \
         on v.document = d.id and v.version = d.version where d.id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (group, draft): (Option<String>, Option<String>) = (row.try_get(3)?, row.try_get(8)?);
    Ok(Some(DocumentRow {
        id,
        kind: read_word(row.try_get(0)?)?,
        details: Details {
            title: row.try_get(1)?,
            about: text::tidy(Some(row.try_get(2)?)),
            group: group.as_deref().map(read_id).transpose()?,
            only_group: row.try_get::<i64, _>(4)? != 0,
            state: read_word(row.try_get(6)?)?,
        },
        section: row.try_get(5)?,
        version: number(row.try_get(7)?),
        phrases: read_json(Some(row.try_get(10)?))?.unwrap_or_default(),
        draft: read_json(draft.as_deref())?,
        edit: row.try_get(9)?,
    }))
}

/// A version's number.
fn number(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

/// The phrases of a version; none if there is no such version.
///
/// # Errors
/// What the database says.
pub async fn version(
    connection: &mut AnyConnection,
    id: DocumentId,
    version: u32,
) -> Result<Option<Vec<Phrase>>, Error> {
    let row = query("select phrases from document_versions where document = $1 and version = $2")
        .bind(id.to_string())
        .bind(i64::from(version))
        .fetch_optional(connection)
        .await?;
    let phrases: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    read_json(phrases.as_deref())
}

/// Adds a document with its first version.
///
/// # Errors
/// What the database says.
pub async fn add(
    transaction: &mut AnyConnection,
    row: &DocumentRow,
    by: (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into documents (id, kind, title, about, group_id, only_group, section, state, \
         version, edit, made_by, made_at) values ($1, $2, '', '', null, 0, $3, 'open', 1, 0, $4, $5)",
    )
    .bind(row.id.to_string())
    .bind(word(row.kind))
    .bind(row.section.clone())
    .bind(by.0.to_string())
    .bind(by.1)
    .execute(&mut *transaction)
    .await?;
    keep_version(&mut *transaction, row.id, (1, &row.phrases), by).await?;
    write(&mut *transaction, row.id, &row.details).await?;
    publish(transaction, row.id).await
}

async fn keep_version(
    transaction: &mut AnyConnection,
    id: DocumentId,
    (version, phrases): (u32, &[Phrase]),
    by: (StaffId, Millis),
) -> Result<(), Error> {
    query(
        "insert into document_versions (document, version, phrases, by_staff, at) \
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id.to_string())
    .bind(i64::from(version))
    .bind(json(&phrases))
    .bind(by.0.to_string())
    .bind(by.1)
    .execute(transaction)
    .await?;
    Ok(())
}

async fn write(transaction: &mut AnyConnection, id: DocumentId, it: &Details) -> Result<(), Error> {
    query(
        "update documents set title = $2, about = $3, group_id = $4, only_group = $5, state = $6, \
         edit = edit + 1 where id = $1",
    )
    .bind(id.to_string())
    .bind(it.title.clone())
    .bind(it.about.clone().unwrap_or_default())
    .bind(it.group.map(|group| group.to_string()))
    .bind(i64::from(it.only_group && it.group.is_some()))
    .bind(word(it.state))
    .execute(transaction)
    .await?;
    Ok(())
}

/// Writes what is written about a document, and tells phones: those that read it no more let go of it.
///
/// # Errors
/// What the database says.
pub async fn change(
    transaction: &mut AnyConnection,
    was: &DocumentRow,
    it: &Details,
) -> Result<(), Error> {
    write(&mut *transaction, was.id, it).await?;
    let now = find(&mut *transaction, was.id).await?;
    let scope = now.ok_or(Error::NotFound)?.scope();
    if scope != was.scope() {
        let gone = entry(was.scope(), was.id, None);
        feed::write(&mut *transaction, vec![gone]).await?;
    }
    publish(transaction, was.id).await
}

/// Keeps what the next version is so far; none: nothing is begun.
///
/// # Errors
/// What the database says.
pub async fn keep_draft(
    transaction: &mut AnyConnection,
    id: DocumentId,
    phrases: Option<&[Phrase]>,
) -> Result<(), Error> {
    query("update documents set draft = $2, edit = edit + 1 where id = $1")
        .bind(id.to_string())
        .bind(phrases.map(|phrases| json(&phrases)))
        .execute(transaction)
        .await?;
    Ok(())
}

/// A new version; what was begun of it is done. Phones are told.
///
/// # Errors
/// What the database says.
pub async fn add_version(
    transaction: &mut AnyConnection,
    row: &DocumentRow,
    phrases: &[Phrase],
    by: (StaffId, Millis),
) -> Result<u32, Error> {
    let version = row.version + 1;
    keep_version(&mut *transaction, row.id, (version, phrases), by).await?;
    query("update documents set version = $2, draft = null, edit = edit + 1 where id = $1")
        .bind(row.id.to_string())
        .bind(i64::from(version))
        .execute(&mut *transaction)
        .await?;
    publish(transaction, row.id).await?;
    Ok(version)
}

fn entry(scope: String, id: DocumentId, body: Option<String>) -> Entry {
    Entry {
        scope,
        kind: kind::DOCUMENT,
        id: id.to_string(),
        body,
        is_new: false,
    }
}

/// Tells those who read it how a document is now.
///
/// # Errors
/// [`Error::NotFound`]; what the database says.
async fn publish(transaction: &mut AnyConnection, id: DocumentId) -> Result<(), Error> {
    let row = find(&mut *transaction, id).await?.ok_or(Error::NotFound)?;
    let entry = entry(row.scope(), id, Some(json(&row.record())));
    feed::write(transaction, vec![entry]).await
}
