// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Writes an address space as a GMMU image (docs/reference/gmmu-image.md). */
#include <linux/bitfield.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "faultline_image.h"
#include "faultline_table.h"
#include "faultline_vm.h"

#define IMAGE_GENERATION_VOLTA	0x140
#define IMAGE_NO_FAULT		0xff

struct image_header {
	char magic[8];
	__le32 header_size;
	__le32 flags;
	__le32 generation;
	__le32 va_bits;
	__le64 pdb_address;
	__le32 pdb_aperture;
	__le32 n_chunks;
	__le32 n_queries;
	__le32 inst_aperture;
	__le64 inst_address;
	__le64 reserved;
} __packed;

static_assert(sizeof(struct image_header) == 64);

struct image_chunk {
	__le32 aperture;
	__le32 length;
	__le64 address;
} __packed;

static_assert(sizeof(struct image_chunk) == 16);

enum image_result {
	IMAGE_TRANSLATED,
	IMAGE_FAULT,
};

struct image_query {
	__le64 va;
	__le64 pa;
	u8 access;
	u8 privileged;
	u8 result;
	u8 fault_type;
	u8 alternative_fault_type;
	u8 basis;
	u8 aperture;
	u8 peer;
	u8 page_shift;
	u8 vol;
	u8 kind;
	u8 read_only;
	u8 atomic_disable;
	u8 level;
	__le16 tag;
	__le64 leaf_pte;
	__le64 reserved;
} __packed;

static_assert(sizeof(struct image_query) == 48);

/* Two questions to each page: may it be read, may it be written. */
#define QUERIES_PER_LEAF	2

/* A buffer being filled. */
struct image {
	u8 *data;
	size_t size;
	size_t used;
	u32 queries;
};

/* The image is as large as all that it holds, which the caller measured. */
static void append(struct image *image, const void *data, size_t length)
{
	if (!WARN_ON_ONCE(image->used + length > image->size))
		memcpy(image->data + image->used, data, length);
	image->used += length;
}

static void append_chunk(struct image *image, const void *data, dma_addr_t dma,
			 size_t length)
{
	struct image_chunk chunk = {
		.aperture = cpu_to_le32(FAULTLINE_PTE_APERTURE_SYS_COHERENT),
		.length = cpu_to_le32(length),
		.address = cpu_to_le64(dma),
	};

	append(image, &chunk, sizeof(chunk));
	append(image, data, length);
}

static void append_query(struct image *image, const struct faultline_leaf *leaf,
			 u8 access, bool allowed)
{
	struct image_query query = {
		.va = cpu_to_le64(leaf->va),
		.access = access,
		.result = allowed ? IMAGE_TRANSLATED : IMAGE_FAULT,
		.fault_type = allowed ? IMAGE_NO_FAULT :
					FAULTLINE_FAULT_TYPE_RO_VIOLATION,
		.alternative_fault_type = IMAGE_NO_FAULT,
		.page_shift = leaf->shift,
		.leaf_pte = cpu_to_le64(leaf->pte),
	};

	if (allowed) {
		query.pa = cpu_to_le64(faultline_table_leaf_address(leaf->pte));
		query.aperture = FIELD_GET(FAULTLINE_PTE_APERTURE, leaf->pte);
		query.vol = FIELD_GET(FAULTLINE_PTE_VOL, leaf->pte);
		query.kind = FIELD_GET(FAULTLINE_PTE_KIND, leaf->pte);
		query.read_only = FIELD_GET(FAULTLINE_PTE_READ_ONLY, leaf->pte);
		query.atomic_disable = FIELD_GET(FAULTLINE_PTE_ATOMIC_DISABLE,
						 leaf->pte);
	}
	append(image, &query, sizeof(query));
	image->queries++;
}

static void append_queries(const struct faultline_leaf *leaf, void *arg)
{
	struct image *image = arg;

	append_query(image, leaf, FAULTLINE_ACCESS_TYPE_READ, true);
	append_query(image, leaf, FAULTLINE_ACCESS_TYPE_WRITE,
		     !FIELD_GET(FAULTLINE_PTE_READ_ONLY, leaf->pte));
}

static void count_leaf(const struct faultline_leaf *leaf, void *arg)
{
	++*(u64 *)arg;
}

/* The tables and the instance block, and the questions. */
static size_t measure(struct faultline_vm *vm)
{
	const struct faultline_table_page *page;
	size_t tables = 0;
	u64 leaves = 0;

	lockdep_assert_held(&vm->lock);
	faultline_table_visit_leaves(&vm->table, count_leaf, &leaves);
	for (page = vm->table.pages; page; page = page->next)
		tables += sizeof(struct image_chunk) +
			  faultline_table_page_bytes(page);
	return sizeof(struct image_header) + sizeof(struct image_chunk) +
	       PAGE_SIZE + tables +
	       leaves * QUERIES_PER_LEAF * sizeof(struct image_query);
}

static void fill(struct faultline_vm *vm, struct image *image)
{
	struct image_header header = {
		.magic = "GMMUDMP1",
		.header_size = cpu_to_le32(sizeof(header)),
		.generation = cpu_to_le32(IMAGE_GENERATION_VOLTA),
		.va_bits = cpu_to_le32(FAULTLINE_VA_BITS),
		.pdb_address = cpu_to_le64(faultline_table_pdb(&vm->table)),
		.pdb_aperture = cpu_to_le32(FAULTLINE_PDB_TARGET_SYS_COHERENT),
		.n_chunks = cpu_to_le32(vm->table.page_count + 1),
		.inst_aperture = cpu_to_le32(FAULTLINE_PTE_APERTURE_SYS_COHERENT),
		.inst_address = cpu_to_le64(vm->instance_dma),
	};
	const struct faultline_table_page *page;

	lockdep_assert_held(&vm->lock);
	image->used = sizeof(header);
	append_chunk(image, vm->instance, vm->instance_dma, PAGE_SIZE);
	for (page = vm->table.pages; page; page = page->next)
		append_chunk(image, page->words, page->dma,
			     faultline_table_page_bytes(page));
	faultline_table_visit_leaves(&vm->table, append_queries, image);
	header.n_queries = cpu_to_le32(image->queries);
	memcpy(image->data, &header, sizeof(header));
}

/**
 * faultline_image_build - the address space as it is now
 * @vm: the address space
 * @size: out: bytes
 *
 * Return: the image, to be freed by kvfree(); ERR_PTR(-ENODEV) when the address
 * space is closed, or ERR_PTR(-ENOMEM).
 */
void *faultline_image_build(struct faultline_vm *vm, size_t *size)
{
	struct image image = {};

	/* Nothing is allocated under the lock, so measure until it fits. */
	for (;;) {
		mutex_lock(&vm->lock);
		if (vm->dead) {
			mutex_unlock(&vm->lock);
			kvfree(image.data);
			return ERR_PTR(-ENODEV);
		}
		*size = measure(vm);
		if (*size <= image.size)
			break;
		mutex_unlock(&vm->lock);
		kvfree(image.data);
		image.size = *size;
		image.data = kvmalloc(image.size, GFP_KERNEL);
		if (!image.data)
			return ERR_PTR(-ENOMEM);
	}
	fill(vm, &image);
	mutex_unlock(&vm->lock);
	return image.data;
}
