//! Which decisions were drawn for a second review: that the seeds were committed to before, and that they drew these and no
//! others.

use std::collections::{BTreeMap, HashMap, HashSet};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::Report;
use super::archive::Archive;
use super::decisions::Decision;
use super::fault::Fault;
use super::json::{self, Line};
use super::log::{DECIDED, GOLDEN_ENDED, GOLDEN_KEPT, Log, PUBLISHED, REVEALED, SAMPLED, SEEDED};
use super::tree::sha256;

/// Decisions that another person could make again.
const REPEATABLE: [&str; 4] = [
    "release",
    "release_with_balance",
    "request_changes",
    "reject",
];

/// A seed, from when it draws.
struct Seed {
    id: String,
    drawn_at: u64,
    share: u64,
    secret: Option<Vec<u8>>,
}

/// The seeds of each community in the order in which they were drawn.
type Seeds = BTreeMap<String, Vec<Seed>>;

/// Checks them against the log and the decisions.
pub fn check(
    archive: &Archive<'_>,
    log: &Log,
    decisions: &HashMap<String, Decision>,
    report: &mut Report,
) -> Result<(), Fault> {
    let seeds = seeds(archive, log, report)?;
    let golden = golden_texts(archive, log, report)?;
    let mut drawn: HashSet<(String, String)> = HashSet::new();
    let mut looks: HashMap<String, String> = HashMap::new();
    let mut known = HashSet::new();
    for line in json::lines(archive.get("samples.jsonl")?) {
        let line = line?;
        let (id, item) = sample(&line, log, decisions, &seeds, &golden)?;
        let of = (
            line.text("/kind")?.to_owned(),
            line.text("/decision")?.to_owned(),
        );
        if !known.insert(id) || !drawn.insert(of) {
            return Err(line.fault("the decision was drawn for this already"));
        }
        looks.insert(item, line.text("/revision")?.to_owned());
    }
    if let Some((_, record)) = log.all(SAMPLED).find(|(id, _)| !known.contains(*id)) {
        return Err(
            record.fault("the sample that this record tells of is missing from samples.jsonl")
        );
    }
    without_effect(log, decisions, &looks)?;
    let looked = nothing_left_out(log, decisions, &seeds, &drawn, &looks)?;
    report.passed(
        known.len() as u64,
        "samples and golden texts were drawn as the log says, and had no effect",
    );
    report.passed(
        looked,
        "decisions were drawn or not as the revealed seeds say, none left out",
    );
    Ok(())
}

fn seeds(archive: &Archive<'_>, log: &Log, report: &mut Report) -> Result<Seeds, Fault> {
    let mut seeds = Seeds::new();
    let (mut known, mut revealed) = (HashSet::new(), 0);
    for line in json::lines(archive.get("sample-seeds.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "commitment community drawn_at id month revealed_at seed share_percent",
        )?;
        let (id, community) = (line.text("/id")?, line.text("/community")?);
        let commitment = line.text("/commitment")?;
        let (drawn_at, share) = (line.number("/drawn_at")?, line.number("/share_percent")?);
        let stated = [
            ("/change/commitment", Some(commitment)),
            ("/change/month", Some(line.text("/month")?)),
            ("/community", Some(community)),
        ];
        let stated_so = log.of(SEEDED, id).iter().any(|record| {
            record.says(&stated)
                && record.number("/change/drawn_at") == Some(drawn_at)
                && record.number("/change/share_percent") == Some(share)
        });
        if !stated_so {
            return Err(line.fault("no record commits to this seed"));
        }
        let secret = match (
            line.maybe_text("/seed")?,
            line.maybe_number("/revealed_at")?,
        ) {
            (None, None) => None,
            (Some(seed), Some(at)) => {
                let stated = [
                    ("/change/seed", Some(seed)),
                    ("/community", Some(community)),
                ];
                let said = log.of(REVEALED, id).iter().any(|record| {
                    record.says(&stated) && record.number("/change/revealed_at") == Some(at)
                });
                let secret = hex::decode(seed).unwrap_or_default();
                if !said {
                    return Err(line.fault("no record reveals this seed"));
                }
                if hex::encode(sha256(&secret)) != commitment {
                    return Err(line.fault("the seed is not the one that was committed to"));
                }
                revealed += 1;
                Some(secret)
            }
            _ => return Err(line.fault("a seed is shown from when it is revealed, and no sooner")),
        };
        if secret.is_none() && !log.of(REVEALED, id).is_empty() {
            return Err(line.fault("a record reveals this seed, and it is not shown"));
        }
        if !known.insert(id.to_owned()) {
            return Err(line.fault("the seed is twice in the file"));
        }
        seeds.entry(community.to_owned()).or_default().push(Seed {
            id: id.to_owned(),
            drawn_at,
            share,
            secret,
        });
    }
    if let Some((_, record)) = log.all(SEEDED).find(|(id, _)| !known.contains(*id)) {
        return Err(
            record.fault("the seed that this record commits to is missing from sample-seeds.jsonl")
        );
    }
    for of in seeds.values_mut() {
        of.sort_by_key(|seed| seed.drawn_at);
    }
    report.passed(
        known.len() as u64,
        "seeds of samples were committed to before they were used",
    );
    report.passed(revealed, "seeds that are revealed fit their commitment");
    Ok(seeds)
}

/// The golden texts, with their community.
fn golden_texts(
    archive: &Archive<'_>,
    log: &Log,
    report: &mut Report,
) -> Result<HashMap<String, String>, Fault> {
    let mut known = HashMap::new();
    for line in json::lines(archive.get("golden-texts.jsonl")?) {
        let line = line?;
        line.members(
            "",
            "action community ended_at ended_by id item kept_at kept_by kept_by_commitment reason_code revision role words",
        )?;
        let (id, community) = (line.text("/id")?, line.text("/community")?);
        let words = line.words_hash(id)?;
        let stated = [
            ("/actor/id", Some(line.text("/kept_by")?)),
            (
                "/actor/name_commitment",
                Some(line.text("/kept_by_commitment")?),
            ),
            ("/actor/role", Some(line.text("/role")?)),
            ("/change/action", Some(line.text("/action")?)),
            ("/change/item", Some(line.text("/item")?)),
            ("/change/revision", Some(line.text("/revision")?)),
            ("/change/words_hash", words.as_deref()),
            ("/community", Some(community)),
            ("/why", line.maybe_text("/reason_code")?),
        ];
        let at = Some(line.number("/kept_at")?);
        let kept = log.of(GOLDEN_KEPT, id).iter();
        if !kept
            .into_iter()
            .any(|record| record.says(&stated) && record.number("/change/kept_at") == at)
        {
            return Err(line.fault("no record says that the golden text was kept so"));
        }
        let ended = (
            line.maybe_text("/ended_by")?,
            line.maybe_number("/ended_at")?,
        );
        let stated = log.of(GOLDEN_ENDED, id).first();
        let stated = stated.map_or((None, None), |record| {
            (record.text("/actor/id"), record.number("/change/ended_at"))
        });
        if ended != stated {
            return Err(line.fault("the golden text was not ended as its record says"));
        }
        if known.insert(id.to_owned(), community.to_owned()).is_some() {
            return Err(line.fault("the golden text is twice in the file"));
        }
    }
    if let Some((_, record)) = log
        .all(GOLDEN_KEPT)
        .find(|(id, _)| !known.contains_key(*id))
    {
        return Err(record.fault(
            "the golden text that this record tells of is missing from golden-texts.jsonl",
        ));
    }
    report.passed(known.len() as u64, "golden texts have their record");
    Ok(known)
}

/// Gives the identifier of a sample that has its record and that its seed draws, and its item.
fn sample(
    line: &Line<'_>,
    log: &Log,
    decisions: &HashMap<String, Decision>,
    seeds: &Seeds,
    golden: &HashMap<String, String>,
) -> Result<(String, String), Fault> {
    line.members(
        "",
        "community decision drawn_at golden_text id item kind revision seed",
    )?;
    let (id, item, kind) = (line.text("/id")?, line.text("/item")?, line.text("/kind")?);
    let (community, named) = (line.text("/community")?, line.text("/decision")?);
    let text = line.maybe_text("/golden_text")?;
    let stated = [
        ("/change/decision", Some(named)),
        ("/change/golden_text", text),
        ("/change/item", Some(item)),
        ("/change/kind", Some(kind)),
        ("/change/revision", Some(line.text("/revision")?)),
        ("/change/seed", Some(line.text("/seed")?)),
        ("/community", Some(community)),
    ];
    let at = Some(line.number("/drawn_at")?);
    let said = log.of(SAMPLED, id).iter();
    if !said
        .into_iter()
        .any(|record| record.says(&stated) && record.number("/change/drawn_at") == at)
    {
        return Err(line.fault("no record says that this was drawn"));
    }
    let decision = decisions
        .get(named)
        .ok_or_else(|| line.fault("the decision that was drawn is missing from decisions.jsonl"))?;
    let fits = match (kind, text) {
        ("sample", None) => Ok(&*decision.revision) == line.text("/revision"),
        ("golden", Some(text)) => golden.get(text).is_some_and(|of| of == community),
        _ => false,
    };
    if !fits || decision.item == item {
        return Err(line.fault("what was opened is not what the draw was for"));
    }
    let made = log.of(DECIDED, named).first();
    let made = made.and_then(|record| record.number("/change/decided_at"));
    let of = seeds.get(community).map_or(&[][..], Vec::as_slice);
    let seed = made.and_then(|made| of.iter().rfind(|seed| seed.drawn_at <= made));
    let seed = seed.filter(|seed| Ok(&*seed.id) == line.text("/seed"));
    let seed =
        seed.ok_or_else(|| line.fault("the seed is not the one that held when this was decided"))?;
    let secret = seed.secret.as_deref();
    if secret.is_some_and(|secret| !draws(secret, kind, &decision.item, seed.share)) {
        return Err(line.fault("the seed does not draw this decision"));
    }
    Ok((id.to_owned(), item.to_owned()))
}

/// INVARIANT: no reader sees anything because of a second look.
fn without_effect(
    log: &Log,
    decisions: &HashMap<String, Decision>,
    looks: &HashMap<String, String>,
) -> Result<(), Fault> {
    for (_, record) in log.all(PUBLISHED) {
        let decision = record.text("/change/decision");
        let decision = decision.and_then(|id| decisions.get(id));
        if decision.is_some_and(|decision| looks.contains_key(&decision.item)) {
            return Err(record.fault("a text was shown to readers because of a second look"));
        }
    }
    let strange = decisions.values().find(|decision| {
        let of = looks.get(&decision.item);
        of.is_some_and(|revision| *revision != decision.revision)
    });
    match strange.and_then(|decision| {
        let of = |(_, record): &(&str, &super::log::Record)| {
            record.text("/change/item") == Some(&decision.item)
        };
        log.all(DECIDED).find(of)
    }) {
        Some((_, record)) => {
            Err(record.fault("a second look was decided on another text than was drawn"))
        }
        None => Ok(()),
    }
}

/// Every decision that a revealed seed draws was drawn. Gives how many were looked at.
fn nothing_left_out(
    log: &Log,
    decisions: &HashMap<String, Decision>,
    seeds: &Seeds,
    drawn: &HashSet<(String, String)>,
    looks: &HashMap<String, String>,
) -> Result<u64, Fault> {
    let mut looked = 0;
    for (id, record) in log.all(DECIDED) {
        let Some(decision) = decisions.get(id) else {
            continue;
        };
        let repeatable = REPEATABLE.contains(&decision.action.as_str());
        if !repeatable || looks.contains_key(&decision.item) {
            continue;
        }
        let of = record.text("/community").and_then(|at| seeds.get(at));
        let made = record.number("/change/decided_at").unwrap_or(0);
        let seed = of.and_then(|of| of.iter().rfind(|seed| seed.drawn_at <= made));
        let Some((seed, secret)) = seed.and_then(|seed| Some((seed, seed.secret.as_deref()?)))
        else {
            continue;
        };
        looked += 1;
        let was = drawn.contains(&("sample".to_owned(), id.to_owned()));
        if draws(secret, "sample", &decision.item, seed.share) && !was {
            return Err(record.fault("the seed draws this decision, and nobody looked at it again"));
        }
    }
    Ok(looked)
}

/// As docs/BUNDLE.md defines it.
fn draws(seed: &[u8], kind: &str, item: &str, share: u64) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(seed) else {
        return false;
    };
    mac.update(format!("{kind}\n{item}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let first = bytes.iter().take(8);
    let value = first.fold(0_u128, |value, byte| value << 8 | u128::from(*byte));
    value * 100 < u128::from(share) << 64
}
