"""What both front ends call: refreshing the cache, and views of it."""
