#pragma once

namespace mcpauth {

/// Brings in at once the part of the heap that a short run uses, and leaves it free. A page that is
/// touched for the first time costs an exception, and a short run is little else; one call for all
/// of them costs a fraction (docs/adr/0018). Where the kernel cannot (before Linux 5.14), nothing
/// happens.
void prefault_heap();

}  // namespace mcpauth
