"""What hidden tests compare with: `import reference` in a test cell. Students never get this folder."""
