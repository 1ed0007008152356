//! The app's own words, changed with no release: kept by key, and told to phones in one public record.

use crate::{
    db::{
        audit,
        feed::{self, Entry, PUBLIC},
        word::json,
        wording::{self, Own},
    },
    error::Error,
};
use app::{
    domain::{
        id::StaffId,
        record::kind,
        time::Millis,
        wording::{Unfit, Worded, Wording, fit},
    },
    lang::{Text, en::ORDER},
};
use sqlx::AnyConnection;
use uuid::Uuid;

/// The one record.
const RECORD: &str = "00000000-0000-0000-0000-000000000002";

/// Puts these words in the place of those that members read now, all or none. Words that are the built-in ones give
/// those back.
///
/// # Errors
/// What the database says. As a value, the keys whose words do not fit, with why: nothing was written.
pub async fn publish(
    tx: &mut AnyConnection,
    (by, now): (StaffId, Millis),
    new: Vec<Own>,
) -> Result<Result<(), Vec<(String, Unfit)>>, Error> {
    let fitting: Vec<_> = new.iter().map(|own| (own, fits(own))).collect();
    let unfit: Vec<_> = (fitting.iter())
        .filter_map(|(own, fits)| Some((own.key.clone(), fits.as_ref().err().copied()?)))
        .collect();
    if !unfit.is_empty() {
        return Ok(Err(unfit));
    }
    for (own, words) in fitting {
        let Ok((text, words)) = words else { continue };
        if words == text.built_in() {
            wording::remove(tx, &own.key).await?;
        } else {
            let own = Own {
                words,
                ..own.clone()
            };
            wording::put(tx, &own, (by, now)).await?;
        }
    }
    tell(tx).await?;
    let all = (kind::WORDING, Uuid::nil());
    audit::add(tx, now, by, "wording.publish", all, None).await?;
    Ok(Ok(()))
}

fn fits(own: &Own) -> Result<(Text, String), Unfit> {
    let text = Text::of_key(&own.key).ok_or(Unfit::NoSuchText)?;
    Ok((text, fit(text.built_in(), &own.words)?))
}

/// Writes the public record, if it says something else than before. Places are of this version: so this is also done
/// at each start.
///
/// # Errors
/// What the database says.
pub async fn tell(tx: &mut AnyConnection) -> Result<(), Error> {
    let own = wording::all(tx).await?;
    let mut texts: Vec<Worded> = (own.into_iter())
        .filter_map(|own| {
            // What does not fit this version any more is left out: the built-in words stand.
            let (text, words) = fits(&own).ok()?;
            Some(Worded {
                place: text.place(),
                text: words,
                why: own.why,
            })
        })
        .collect();
    texts.sort_by_key(|one| one.place);
    let before = feed::body(tx, PUBLIC, kind::WORDING, RECORD).await?;
    let body = (!texts.is_empty()).then(|| {
        json(&Wording {
            order: ORDER.to_owned(),
            texts,
        })
    });
    if before == body {
        return Ok(());
    }
    let entry = Entry {
        scope: PUBLIC.to_owned(),
        kind: kind::WORDING,
        id: RECORD.to_owned(),
        body,
        is_new: false,
    };
    feed::write(tx, vec![entry]).await
}
