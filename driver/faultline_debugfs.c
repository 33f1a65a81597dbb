// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* debugfs, in faultline/NODE: statistics, and vm/PID-INSTANCE.gmmu for each open file. */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "faultline_compat.h"
#include "faultline_debugfs.h"
#include "faultline_device.h"
#include "faultline_image.h"
#include "faultline_vm.h"

static struct dentry *root;

void faultline_debugfs_init(void)
{
	root = debugfs_create_dir("faultline", NULL);
}

void faultline_debugfs_exit(void)
{
	debugfs_remove(root);
}

static int statistics_show(struct seq_file *seq, void *unused)
{
	struct faultline_device *fdev = seq->private;
	int i;

	for (i = 0; i < FAULTLINE_COUNTERS; i++)
		seq_printf(seq, "%s %lld\n", faultline_counter_name(i),
			   atomic64_read(&fdev->counters.value[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(statistics);

void faultline_debugfs_register(struct faultline_device *fdev)
{
	fdev->debugfs = debugfs_create_dir(fdev->name, root);
	fdev->debugfs_vm = debugfs_create_dir("vm", fdev->debugfs);
	debugfs_create_file("statistics", 0400, fdev->debugfs, fdev,
			    &statistics_fops);
}

void faultline_debugfs_unregister(struct faultline_device *fdev)
{
	debugfs_remove(fdev->debugfs);
}

/* An image, taken when its file was opened. */
struct open_image {
	void *data;
	size_t size;
};

static int image_open(struct inode *inode, struct file *filep)
{
	struct open_image *image = kzalloc_obj(*image);

	if (!image)
		return -ENOMEM;
	image->data = faultline_image_build(inode->i_private, &image->size);
	if (IS_ERR(image->data)) {
		int ret = PTR_ERR(image->data);

		kfree(image);
		return ret;
	}
	filep->private_data = image;
	return 0;
}

static ssize_t image_read(struct file *filep, char __user *buffer, size_t count,
			  loff_t *position)
{
	struct open_image *image = filep->private_data;

	return simple_read_from_buffer(buffer, count, position, image->data,
				       image->size);
}

static int image_release(struct inode *inode, struct file *filep)
{
	struct open_image *image = filep->private_data;

	kvfree(image->data);
	kfree(image);
	return 0;
}

static const struct file_operations image_fops = {
	.owner = THIS_MODULE,
	.open = image_open,
	.read = image_read,
	.release = image_release,
	.llseek = default_llseek,
};

struct dentry *faultline_debugfs_add_image(struct faultline_vm *vm)
{
	char name[48];

	snprintf(name, sizeof(name), "%d-%llx.gmmu", vm->pid,
		 (u64)vm->instance_dma);
	return debugfs_create_file(name, 0400, vm->fdev->debugfs_vm, vm,
				   &image_fops);
}

/* Waits for a reader that is taking an image. */
void faultline_debugfs_remove_image(struct dentry *image)
{
	debugfs_remove(image);
}
