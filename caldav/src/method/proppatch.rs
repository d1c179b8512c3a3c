//! PROPPATCH. RFC 4918 §9.2: all instructions or none.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::exchange::Exchange;
use super::failure::{Failure, empty};
use super::propfind::applied;
use crate::element::multistatus::{Multistatus, status_line};
use crate::element::property_update::{Instruction, read};
use crate::property::settable::{MAX_DEAD, Rejection, apply};
use crate::site::{Path, Site};
use crate::store::{Collection, PropertyChanges, Store};
use crate::xml::{DAV, Writer};

/// Changes properties of a calendar; other resources have none that could be set.
///
/// # Errors
/// 404, 400, what the store refuses. What is wrong with single properties is in the 207.
pub async fn respond<S: Store>(exchange: &Exchange<'_, S>) -> Result<Response<Bytes>, Failure> {
    let root = exchange.xml()?.ok_or(Failure::BadRequest("The request body is missing.\n".to_owned()))?;
    let instructions = read(&root)?;
    let found = exchange.found().await?;
    let outcome = match found.resource() {
        crate::property::Resource::Calendar { collection, .. } => gather(&instructions, false).and_then(|changes| {
            if has_room(collection, &changes) { Ok(changes) } else { Err(all_rejected(&instructions, full())) }
        }),
        _ => Err(all_rejected(&instructions, forbidden())),
    };
    let results = match outcome {
        Ok(changes) => {
            let Path::Collection(owner, name) = &exchange.path else { return Err(Failure::MethodNotAllowed) };
            exchange.store.change_properties(owner, name, changes).await?;
            if exchange.prefer.minimal {
                let mut response = empty(StatusCode::OK);
                applied(&mut response);
                return Ok(response);
            }
            vec![None; instructions.len()]
        }
        Err(results) => results.into_iter().map(Some).collect(),
    };
    let mut answer = Multistatus::new();
    answer.response(&exchange.site.href(&exchange.path), |writer| {
        propstats(&instructions, &results, exchange.site, &exchange.path, writer);
    });
    Ok(answer.finish(None))
}

/// Turns instructions into changes.
///
/// # Errors
/// One result for each instruction when any is rejected: 424 for those that only depend on it.
pub fn gather(instructions: &[Instruction], new: bool) -> Result<PropertyChanges, Vec<Rejection>> {
    let mut changes = PropertyChanges::default();
    let results: Vec<_> = instructions.iter().map(|instruction| apply(&mut changes, instruction, new)).collect();
    if results.iter().all(Result::is_ok) {
        return Ok(changes);
    }
    let dependent = Rejection { status: StatusCode::FAILED_DEPENDENCY, precondition: None };
    Err(results.into_iter().map(|result| result.err().unwrap_or_else(|| dependent.clone())).collect())
}

/// Writes a `DAV:propstat` for each instruction; `None` stands for success.
pub fn propstats(
    instructions: &[Instruction],
    results: &[Option<Rejection>],
    site: &Site,
    at: &Path,
    writer: &mut Writer,
) {
    for (instruction, result) in instructions.iter().zip(results) {
        let name = &instruction.property().name;
        writer.element(DAV, "propstat", |writer| {
            writer.element(DAV, "prop", |writer| writer.empty(&name.namespace, &name.local));
            status_line(result.as_ref().map_or(StatusCode::OK, |rejection| rejection.status), writer);
            if let Some(precondition) = result.as_ref().and_then(|rejection| rejection.precondition.as_ref()) {
                writer.element(DAV, "error", |writer| precondition.write(site, at, writer));
            }
        });
    }
}

fn has_room(collection: &Collection, changes: &PropertyChanges) -> bool {
    let known = |name| collection.dead_properties.iter().any(|(known, _)| known == name);
    let more = changes.dead.iter().filter(|(name, value)| value.is_some() && !known(name)).count();
    collection.dead_properties.len() + more <= MAX_DEAD
}

fn all_rejected(instructions: &[Instruction], rejection: Rejection) -> Vec<Rejection> {
    vec![rejection; instructions.len()]
}

fn forbidden() -> Rejection {
    Rejection { status: StatusCode::FORBIDDEN, precondition: None }
}

fn full() -> Rejection {
    Rejection { status: StatusCode::INSUFFICIENT_STORAGE, precondition: None }
}
