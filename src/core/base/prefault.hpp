#pragma once

namespace mcpauth {

/// Maps the part of the heap that a short run uses, in one call, and leaves it free. The first
/// touch of each page costs an exception, and those are most of the cost of a short run; one call
/// for all of them is far cheaper (docs/adr/0018). Does nothing before Linux 5.14.
void prefault_heap();

}  // namespace mcpauth
