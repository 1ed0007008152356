//! Puts functions that look alike next to each other. Nothing runs differently; but compressed, likeness costs by its
//! distance, and the wasm gets 3 KB smaller.
//!
//! Which function comes where is decided here and written down as names; wasm-opt then sorts by name and numbers anew.

use anyhow::Result;
use wasm_encoder::{Encode, NameMap, NameSection, Section};
use wasmparser::{ImportSectionReader, Parser, Payload, TypeRef};

/// How many bytes are looked at together.
const WINDOW: usize = 4;
/// How many hashes make a likeness: more are more exact.
const HASHES: usize = 64;
/// Any odd number: it spreads the hashes.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A function by its likeness to others: for each hash, the smallest of all its windows (MinHash, Broder 1997).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Likeness {
    hashes: [u32; HASHES],
    bytes: usize,
}

/// The module with a name for each of its own functions, in the order in which they should stand.
pub fn name_in_order(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut imported = 0;
    let mut functions = Vec::new();
    let mut kept = wasm[..8].to_vec();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => imported = imported_functions(imports.clone())?,
            Payload::CodeSectionEntry(body) => functions.push(likeness(body.as_bytes())),
            _ => {}
        }
        let is_names =
            matches!(&payload, Payload::CustomSection(section) if section.name() == "name");
        if let Some((id, range)) = payload.as_section()
            && !is_names
        {
            kept.push(id);
            wasm[range].encode(&mut kept);
        }
    }
    let mut names = NameMap::new();
    let mut places: Vec<(u32, usize)> = (imported..).zip(places(&functions)).collect();
    places.sort_unstable();
    for (function, place) in places {
        names.append(function, &format!("{place:06}"));
    }
    let mut section = NameSection::new();
    section.functions(&names);
    kept.push(section.id());
    section.encode(&mut kept);
    Ok(kept)
}

fn imported_functions(imports: ImportSectionReader) -> Result<u32> {
    let mut count = 0;
    for import in imports.into_imports() {
        count += u32::from(matches!(import?.ty, TypeRef::Func(_)));
    }
    Ok(count)
}

fn likeness(body: &[u8]) -> Likeness {
    let mut hashes = [u32::MAX; HASHES];
    for window in body.windows(WINDOW) {
        let mut seed = window
            .iter()
            .fold(0_u64, |seed, byte| seed << 8 | u64::from(*byte));
        for hash in &mut hashes {
            seed = seed.wrapping_add(1).wrapping_mul(SPREAD);
            *hash = (*hash).min((seed >> 32) as u32);
        }
    }
    Likeness {
        hashes,
        bytes: body.len(),
    }
}

/// Each function's place: the largest comes first, and after each the one that is most like it; of those that are as
/// like, the one nearest in size.
fn places(functions: &[Likeness]) -> Vec<usize> {
    let mut places = vec![0; functions.len()];
    let mut left: Vec<usize> = (0..functions.len()).collect();
    let mut last: Option<&Likeness> = None;
    for place in 0..functions.len() {
        let next = left.iter().enumerate().max_by_key(|&(_, &candidate)| {
            let candidate = &functions[candidate];
            match last {
                None => (candidate.bytes, 0),
                Some(last) => (
                    alike(last, candidate),
                    usize::MAX - last.bytes.abs_diff(candidate.bytes),
                ),
            }
        });
        let Some((at, _)) = next else { break };
        let function = left.swap_remove(at);
        places[function] = place;
        last = Some(&functions[function]);
    }
    places
}

fn alike(one: &Likeness, other: &Likeness) -> usize {
    one.hashes
        .iter()
        .zip(&other.hashes)
        .filter(|(one, other)| one == other)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_alike_stand_next_to_each_other() {
        let bodies: [&[u8]; 5] = [
            b"the quick brown fox jumps over the lazy dog again",
            b"0123456789012345678901234567890123",
            b"the quick brown fox jumps over the lazy dog",
            b"0123456789012345678901234567890123456",
            b"the quick brown fox jumps over the lazy cat",
        ];
        let functions: Vec<_> = bodies.iter().map(|body| likeness(body)).collect();
        assert_eq!(places(&functions), [0, 4, 1, 3, 2]);
    }
}
