use crate::code::{Code, Local};
use wasm_encoder::{BlockType, Function, ValType};

/// The first round that is computed for each nonce. Earlier rounds are the same for all nonces.
const FIRST: u64 = 6;
/// The last round whose `a` matters: four rounds later it is added to the deciding `e`.
const LAST_WHOLE: u64 = 56;
/// The last round that the hash's last word depends on.
const LAST: u64 = 60;

/// Size in bytes of a vector, and of a nonce's schedule.
const VECTOR: u64 = 16;
const SCHEDULE: i32 = 64 * 4;

/// The function's parameters; see [`crate::module`].
pub(crate) const PARAMETERS: [ValType; 5] = [ValType::I32; 5];
const SALTS: Local = 0;
const NEXT_SCHEDULE: Local = 1;
const COUNT: Local = 2;
const NONCE: Local = 3;
const ZEROS: Local = 4;
// The function's variables: nonces done, and vectors of one word for each salt.
const DONE: Local = 5;
const STATE: [Local; 8] = [6, 7, 8, 9, 10, 11, 12, 13];
const SUM: Local = 14;
const AB: Local = 15;
const BC: Local = 16;

/// The function that tries nonces until one looks promising.
pub(crate) fn first_promising() -> Function {
    let mut function = Function::new([(1, ValType::I32), (11, ValType::V128)]);
    let mut code = Code(function.instructions());
    code.0.block(BlockType::Empty).loop_(BlockType::Empty);
    start(&mut code);
    let mut state = STATE;
    for number in FIRST..=LAST {
        round(&mut code, number, state);
        // Each word of the state takes the next one's name, and h becomes a, so nothing moves.
        state.rotate_right(1);
    }
    leave_if_promising(&mut code, state[4]);
    code.0.local_get(NEXT_SCHEDULE).i32_const(SCHEDULE).i32_add().local_set(NEXT_SCHEDULE);
    code.0.local_get(NONCE).i32_const(1).i32_add().local_set(NONCE);
    code.0.local_get(DONE).i32_const(1).i32_add().local_tee(DONE);
    code.0.local_get(COUNT).i32_lt_u().br_if(0);
    code.0.end().end().local_get(DONE).end();
    function
}

/// The state after the nonce's round, which adds the nonce to a and e.
fn start(code: &mut Code<'_>) {
    for (place, word) in (0..).zip(STATE) {
        code.load(SALTS, VECTOR * place);
        if place == 0 || place == 4 {
            code.splat(NONCE).add();
        }
        code.set(word);
    }
    code.get(STATE[1]).get(STATE[2]).xor().set(BC);
}

/// A round (FIPS 180-4, section 6.2.2, step 3): makes h into the next a, and d into the next e.
fn round(code: &mut Code<'_>, number: u64, [a, b, _, d, e, f, g, h]: [Local; 8]) {
    // T1 = Σ1(e) + (h + the schedule's word and constant + Ch(e, f, g))
    code.sigma(e, [6, 11, 25]);
    code.get(h).load_splat(NEXT_SCHEDULE, 4 * number).add();
    code.get(f).get(g).xor().get(e).and().get(g).xor().add();
    code.add().set(SUM);
    code.get(d).get(SUM).add().set(d);
    if number > LAST_WHOLE {
        return;
    }
    // T1 + Maj(a, b, c) + Σ0(a). This round's a ^ b is the next one's b ^ c.
    code.get(a).get(b).xor().set(AB);
    code.get(SUM).get(BC).get(AB).and().get(b).xor().add();
    code.sigma(a, [2, 13, 22]).add().set(h);
    code.get(AB).set(BC);
}

/// Leaves the loop if the hash's last word, for one of the salts, begins with as many zeros as the target.
fn leave_if_promising(code: &mut Code<'_>, e: Local) {
    code.get(e).load(SALTS, VECTOR * 8).add().splat(ZEROS).and();
    code.0.i32x4_all_true().i32_eqz().br_if(1);
}
