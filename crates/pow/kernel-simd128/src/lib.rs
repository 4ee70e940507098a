//! The mining kernel for browsers with SIMD, written instruction by instruction.
//!
//! A browser executes WebAssembly's vector instructions in the given order. LLVM's order costs a fifth of the speed: it
//! moves constants and sums away from where they are used, until they no longer fit into registers. Rust has no stable
//! way to keep an order for WebAssembly, so this crate writes the module itself. `docs/adr/0011-simd-kernel.md` gives
//! the reasons in full.

mod code;
mod rounds;

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, FunctionSection, ImportSection, MemoryType, Module,
    TypeSection, ValType,
};

/// Number of salts that the kernel tries at once.
pub const SALTS: usize = 4;

/// The module's bytes. It imports `memory` of `miner` and exports one function,
/// `first_promising(salts, schedules, count, nonce, zeros)`, all 32-bit integers:
///
/// - `salts`: the address of nine vectors with a word for each salt: the state's words a to h after
///   the nonce's round, if the nonce were 0, and the midstate's last word;
/// - `schedules`: the address of `count` schedules, one per nonce, each of 64 words that include the constants;
/// - `count`: the number of nonces, at least one;
/// - `nonce`: the first of them;
/// - `zeros`: the bits that are zero in the last word of a promising hash.
///
/// It returns the number of nonces before the first with a promising hash, or `count` if there is none.
#[must_use]
pub fn module() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(rounds::PARAMETERS, [ValType::I32]);
    let memory = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
    let mut imports = ImportSection::new();
    imports.import("miner", "memory", EntityType::Memory(memory));
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("first_promising", ExportKind::Func, 0);
    let mut code = CodeSection::new();
    code.function(&rounds::first_promising());
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
    module.finish()
}
