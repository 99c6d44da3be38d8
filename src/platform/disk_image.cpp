#include "platform/disk_image.h"

#include <set>

namespace trueup::platform {

namespace {

void unassign(DiskImage& image, std::uint64_t directory, const std::string& name) {
  auto& children = image.nodes.at(directory).children;
  const auto entry = children.find(name);
  if (entry == children.end()) return;
  if (const auto node = image.nodes.find(entry->second); node != image.nodes.end()) --node->second.links;
  children.erase(entry);
  image.nodes.at(directory).changes = ++image.changes;
}

void assign(DiskImage& image, std::uint64_t directory, const std::string& name, std::uint64_t inode) {
  unassign(image, directory, name);
  image.nodes.at(directory).children[name] = inode;
  image.nodes.at(directory).changes = ++image.changes;
  DiskNode& node = image.nodes.at(inode);
  ++node.links;
  node.parent = directory;
  node.name = name;
}

void create(DiskImage& image, const LoggedOperation& operation) {
  const bool is_link = operation.operation == Operation::link;
  DiskNode node;
  node.kind = is_link                                            ? FileKind::link
              : operation.operation == Operation::make_directory ? FileKind::directory
                                                                 : operation.kind;
  node.mode = is_link ? 0777 : operation.attributes.mode;
  node.uid = operation.attributes.uid.value_or(0);
  node.gid = operation.attributes.gid.value_or(0);
  node.changes = ++image.changes;
  if (is_link) node.content = operation.bytes;
  image.nodes.try_emplace(operation.inode, std::move(node));
  image.next_inode = std::max(image.next_inode, operation.inode + 1);
  assign(image, operation.directory, operation.name, operation.inode);
}

void write(DiskNode& node, std::uint64_t position, const std::string& bytes) {
  if (node.content.size() < position + bytes.size()) node.content.resize(position + bytes.size());
  node.content.replace(position, bytes.size(), bytes);
}

void set_attributes(DiskNode& node, const FileAttributes& attributes) {
  node.mode = attributes.mode;
  node.uid = attributes.uid.value_or(node.uid);
  node.gid = attributes.gid.value_or(node.gid);
}

void change_node(DiskImage& image, const LoggedOperation& operation) {
  DiskNode& node = image.nodes.at(operation.inode);
  node.changes = ++image.changes;
  if (operation.operation == Operation::write) write(node, operation.position, operation.bytes);
  if (operation.operation == Operation::truncate) node.content.resize(operation.position);
  if (operation.operation == Operation::attributes) set_attributes(node, operation.attributes);
}

void show(const DiskImage& image, std::uint64_t directory, const std::string& prefix,
          std::map<std::string, ShownNode>& tree) {
  for (const auto& [name, inode] : image.nodes.at(directory).children) {
    const DiskNode& node = image.nodes.at(inode);
    const std::string path = prefix + name;
    tree[path] = {node.kind, node.content, node.mode, node.uid, node.gid};
    if (node.kind == FileKind::directory) show(image, inode, path + "/", tree);
  }
}

void collect(const DiskImage& image, std::uint64_t inode, std::set<std::uint64_t>& reached) {
  if (!reached.insert(inode).second) return;
  for (const auto& [name, child] : image.nodes.at(inode).children) collect(image, child, reached);
}

}  // namespace

DiskImage::DiskImage() {
  nodes[kRootInode] = DiskNode{.kind = FileKind::directory, .mode = 0755, .parent = kRootInode, .links = 1};
}

void apply(DiskImage& image, const LoggedOperation& operation) {
  switch (operation.operation) {
    case Operation::create:
    case Operation::make_directory:
    case Operation::link: create(image, operation); break;
    case Operation::write:
    case Operation::truncate:
    case Operation::attributes: change_node(image, operation); break;
    case Operation::rename:
      unassign(image, operation.directory, operation.name);
      assign(image, operation.to_directory, operation.to_name, operation.inode);
      break;
    case Operation::exchange:
      assign(image, operation.directory, operation.name, operation.other);
      assign(image, operation.to_directory, operation.to_name, operation.inode);
      break;
    case Operation::unlink:
    case Operation::remove_directory: unassign(image, operation.directory, operation.name); break;
    case Operation::open:
    case Operation::read:
    case Operation::info:
    case Operation::list:
    case Operation::link_target:
    case Operation::real_path:
    case Operation::free_bytes:
    case Operation::lease:
    case Operation::lock:
    case Operation::open_for_writing:
    case Operation::sync_file:
    case Operation::sync_directory:
    case Operation::sync_everything: break;  // these change nothing that can be seen
  }
}

std::map<std::string, ShownNode> tree_of(const DiskImage& image) {
  std::map<std::string, ShownNode> tree;
  show(image, kRootInode, "", tree);
  return tree;
}

void prune(DiskImage& image) {
  std::set<std::uint64_t> reached;
  collect(image, kRootInode, reached);
  std::erase_if(image.nodes, [&](const auto& node) { return !reached.contains(node.first); });
}

}  // namespace trueup::platform
