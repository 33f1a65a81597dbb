// SPDX-License-Identifier: MIT
// What the modules of the GMMU say to each other.

// Every message is a packed struct. What the open tools can read shapes them: an array of messages
// is a packed array of vectors of the width given beside the struct, and a field whose type is an
// enum of faultline_regs_pkg is a plain vector with the enum's name beside it.
package gmmu_pkg;

  localparam int unsigned VaBits = 49;  // GP100 MMU format
  localparam int unsigned TagBits = 16;
  localparam int unsigned PortBits = 8;  // index of a translation port and its first-level TLB
  localparam int unsigned MissSlotBits = 4;  // miss of one first-level TLB
  localparam int unsigned ReplaySlotBits = 8;  // parked request of one uTLB
  localparam int unsigned AxiIdBits = 4;

  typedef logic [PortBits-1:0] port_t;
  typedef logic [MissSlotBits-1:0] miss_slot_t;
  typedef logic [ReplaySlotBits-1:0] replay_slot_t;

  // Address of an instance block.
  typedef struct packed {
    logic [51:0] page;
    logic [1:0] aperture;  // pte_aperture_e
  } instance_t;

  // An address space: its page-directory base. Cached entries are tagged with it.
  typedef struct packed {
    logic [51:0] pdb_page;
    logic [1:0] aperture;  // pte_aperture_e
  } space_t;

  // What an instance block says to one engine. Without `bound` the rest means nothing.
  localparam int unsigned BindingBits = 57;
  typedef struct packed {
    logic bound;
    logic replay_tex;
    logic replay_gcc;
    space_t space;
  } binding_t;

  // A client asks. Ids are the manual's (dev_fault). `tag` is the client's own; it names the
  // request until it is answered for good, so a port must not use it twice at a time.
  localparam int unsigned RequestBits = 161;
  typedef struct packed {
    logic [63:0] va;
    logic [3:0] access_type;  // access_type_e
    logic privileged;
    instance_t inst;
    logic [8:0] engine_id;
    logic client_type;  // client_type_e
    logic [6:0] client;
    logic [4:0] gpc_id;
    logic [TagBits-1:0] tag;
  } request_t;

  // What became of a request. Parked: held, a second response with its tag follows after a replay.
  // Stalled: the replay list is full, ask again after the port's `space` pulse.
  typedef enum logic [2:0] {
    OutcomeTranslated = 3'd0,
    OutcomeSparse = 3'd1,
    OutcomeParked = 3'd2,
    OutcomeStalled = 3'd3,
    OutcomeFaulted = 3'd4,
    OutcomeCancelled = 3'd5,
    OutcomeDropped = 3'd6
  } outcome_e;

  typedef enum logic [1:0] {
    PageSize4k = 2'd0,
    PageSize64k = 2'd1,
    PageSize2m = 2'd2
  } page_size_e;

  localparam int unsigned ResponseBits = 106;
  typedef struct packed {
    logic [TagBits-1:0] tag;
    logic [2:0] outcome;  // outcome_e
    logic [63:0] pa;
    logic [1:0] aperture;  // pte_aperture_e
    logic [2:0] peer;
    logic [1:0] page_size;  // page_size_e
    logic vol;
    logic read_only;
    logic atomic_disable;
    logic [7:0] kind;
    logic [4:0] fault_type;  // fault_type_e
  } response_t;

  // A valid PTE of any page size. Address bits below the page are 0.
  localparam int unsigned LeafBits = 65;
  typedef struct packed {
    logic [45:0] frame;  // physical address [57:12]
    logic [1:0] aperture;  // pte_aperture_e
    logic [2:0] peer;
    logic [1:0] page_size;  // page_size_e
    logic [7:0] kind;
    logic vol;
    logic privilege;
    logic read_only;
    logic atomic_disable;
  } leaf_t;

  // First-level TLB to hub: a request that missed, as far as the hub needs it.
  localparam int unsigned MissBits = 144;
  typedef struct packed {
    port_t port;
    miss_slot_t slot;
    logic [63:0] va;
    logic [3:0] access_type;  // access_type_e
    logic privileged;
    instance_t inst;
    logic [8:0] engine_id;
  } miss_t;

  // Hub to first-level TLB. Retry: an invalidate came in between, the miss is to be sent again.
  typedef enum logic [1:0] {
    ResultTranslated = 2'd0,
    ResultSparse = 2'd1,
    ResultFault = 2'd2,
    ResultRetry = 2'd3
  } result_e;

  typedef struct packed {
    port_t port;
    miss_slot_t slot;
    logic [1:0] result;  // result_e
    logic [4:0] fault_type;  // fault_type_e
    binding_t binding;
    leaf_t leaf;
  } reply_t;

  // First-level TLB to control: a fault, or any end of a request that control had reissued.
  // `response` is complete; its outcome is Translated, Sparse or Faulted. For a fault, control
  // decides what the client is told.
  localparam int unsigned ReportBits = 341;
  typedef struct packed {
    port_t port;
    logic replayed;
    replay_slot_t replay_slot;
    binding_t binding;
    request_t request;
    response_t response;
  } report_t;

  // Control to first-level TLB: translate a parked request again.
  localparam int unsigned ReissueBits = 177;
  typedef struct packed {
    port_t port;
    replay_slot_t replay_slot;
    request_t request;
  } reissue_t;

  // Control to client, past the TLB.
  typedef struct packed {
    port_t port;
    response_t response;
  } late_t;

  // Control to all caches. `size` is the log2 of the pages; 0 unless USE_SIZE. With `bindings_only`
  // nothing but the bindings goes, all of them, and the other fields mean nothing.
  typedef struct packed {
    logic bindings_only;
    logic all_va;
    logic all_pdb;
    logic hubtlb_only;
    logic [47:0] va_page;
    logic [5:0] size;
    logic [47:0] pdb_page;
    logic pdb_aperture;  // invalidate_pdb_aperture_e
    logic [2:0] cache_level;  // cache_level_e
  } invalidate_t;

  // What one write of MMU_INVALIDATE asks for.
  localparam int unsigned OperationBits = 129;
  typedef struct packed {
    invalidate_t invalidate;
    logic [2:0] replay;  // replay_op_e
    logic [2:0] cancel_access;  // cancel_access_e
    logic cancel_client_type;  // client_type_e
    logic [4:0] cancel_gpc_id;
    logic [6:0] cancel_client;
  } operation_t;

  // A fault as it is told, before it is packed into a packet or the snapshot.
  typedef struct packed {
    request_t request;
    logic [4:0] fault_type;  // fault_type_e
    logic replayable_fault;  // for the replayable buffer
    logic replayable_fault_en;
    logic [63:0] timestamp;  // ns
  } record_t;

  // Hub to all caches: the entries to drop. An entry of an address space that is meant, and whose
  // first page agrees with `va_page` in the bits of `va_mask` that its own size leaves, goes.
  typedef struct packed {
    logic pages;  // entries of the TLBs
    logic gpcs;  // the uTLBs too, not only the hub's
    logic bindings;
    logic [2:0] directories;  // up to which level, PDE0 is 1; 0 is none
    logic any_space;
    logic [47:0] pdb_page;
    logic in_sysmem;
    logic [47:0] va_page;
    logic [47:0] va_mask;
  } purge_t;

  // What MMU_CTRL says about translation.
  typedef struct packed {
    logic mmu_disable;
    logic [1:0] mmu_aperture;  // pte_aperture_e
    logic mmu_vol;
    logic strong_override;  // STRONG_BIT_OVERRIDE_ATOMIC_DISABLE
    logic cache_off;  // CACHE_MODE: nothing is kept in the TLBs
    logic pde_cache_off;
  } modes_t;

  // Directories and tables of the walk. The numbers of directories are what a purge counts in.
  typedef enum logic [2:0] {
    LevelPte4k = 3'd6,
    LevelPte64k = 3'd5,
    LevelPde0 = 3'd1,
    LevelPde1 = 3'd2,
    LevelPde2 = 3'd3,
    LevelPde3 = 3'd4
  } level_e;

  // A table in memory: the directory below, or a page table. Big tables are 256-byte aligned.
  typedef struct packed {
    logic present;
    logic [1:0] aperture;  // pte_aperture_e
    logic [55:0] address;  // [63:8]
  } table_t;

  // What a directory entry points to; `big` in entries of PDE0 only.
  typedef struct packed {
    table_t big;
    table_t next;
  } tables_t;

  // Where a walk goes on below a directory entry: which entry it reads next, in which table; and
  // the table of 4 KiB pages, if that is an entry of 64 KiB that says nothing.
  localparam int unsigned DescentBits = 121;
  typedef struct packed {
    logic [2:0] level;  // level_e
    table_t next;
    table_t fallback;
  } descent_t;

  // A read of 16 bytes, which are aligned.
  localparam int unsigned FetchBits = 66;
  typedef struct packed {
    logic [1:0] aperture;  // pte_aperture_e
    logic [63:0] address;
  } fetch_t;

endpackage
